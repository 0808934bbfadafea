/** The canvas: sigma over the graph, with what is chosen, hidden and pinned. */

import EdgeCurveProgram, { EdgeCurvedArrowProgram } from '@sigma/edge-curve';
import { createNodeBorderProgram } from '@sigma/node-border';
import Sigma from 'sigma';
import { EdgeArrowProgram, EdgeLineProgram, type EdgeProgramType } from 'sigma/rendering';
import type { CameraState, EdgeDisplayData, NodeDisplayData } from 'sigma/types';
import { words } from '../text/format';
import { calm } from './calm';
import { hoverPainter, type Ink, labelPainter, readInk } from './labels';
import type { Drawn, EdgeValues, NodeValues } from './model';

const NAMED_NEIGHBOURS = 24;
const NAMED_EDGES = 12;
const FONT = '"Inter Variable", system-ui, sans-serif';

export interface DrawingEvents {
  onNode(id: string): void;
  onEdge(key: string): void;
  onNothing(): void;
  onPin(id: string, x: number, y: number): void;
  onCamera(camera: CameraState): void;
}

export class Drawing {
  readonly sigma: Sigma<NodeValues, EdgeValues>;
  private ink: Ink = readInk();
  private chosen = '';
  private chosenEdge = '';
  private hovered = '';
  private near = new Set<string>();
  private scale = 1;
  private dragged = '';
  private moved = false;

  constructor(
    container: HTMLElement,
    private readonly graph: Drawn,
    private readonly events: DrawingEvents,
  ) {
    const ink = () => this.ink;
    const [drawLabel, drawHover] = [labelPainter(ink), hoverPainter(ink)];
    const borders = [
      { size: { value: 0.14 }, color: { attribute: 'borderColor', defaultValue: '#888888' } },
      { size: { fill: true as const }, color: { attribute: 'color' } },
    ];
    this.sigma = new Sigma<NodeValues, EdgeValues>(graph, container, {
      allowInvalidContainer: true,
      defaultDrawNodeHover: drawHover,
      defaultDrawNodeLabel: drawLabel,
      defaultEdgeType: 'arrow',
      defaultNodeType: 'bordered',
      edgeLabelFont: FONT,
      edgeLabelSize: 11,
      edgeProgramClasses: {
        arrow: EdgeArrowProgram,
        line: EdgeLineProgram,
        bentArrow: EdgeCurvedArrowProgram as EdgeProgramType<NodeValues, EdgeValues>,
        bentLine: EdgeCurveProgram as EdgeProgramType<NodeValues, EdgeValues>,
      },
      enableEdgeEvents: true,
      edgeReducer: (key, values) => this.edge(key, values),
      labelDensity: 1,
      labelFont: FONT,
      labelGridCellSize: 70,
      labelRenderedSizeThreshold: 5,
      labelSize: 12.5,
      labelWeight: '500',
      maxCameraRatio: 4,
      minCameraRatio: 0.02,
      minEdgeThickness: 1.7,
      nodeProgramClasses: {
        bordered: createNodeBorderProgram<NodeValues, EdgeValues>({ borders, drawHover, drawLabel }),
      },
      nodeReducer: (id, values) => this.node(id, values),
      renderEdgeLabels: true,
      zIndex: true,
    });
    this.recolour();
    this.listen();
    this.measure();
  }

  /** Take the colours of the theme that is on now. */
  recolour(): void {
    this.ink = readInk();
    this.sigma.setSetting('edgeLabelColor', { color: this.ink.text });
    this.sigma.setSetting('labelColor', { color: this.ink.text });
    this.sigma.refresh();
  }

  choose(id: string, edge = ''): void {
    this.chosen = this.graph.hasNode(id) ? id : '';
    this.chosenEdge = this.graph.hasEdge(edge) ? edge : '';
    this.look();
  }

  /** Move the camera so that all, or one node, is in the middle. */
  fit(): void {
    this.sigma.getCamera().animate({ x: 0.5, y: 0.5, ratio: 1, angle: 0 }, { duration: calm() ? 0 : 300 });
  }

  focus(id: string): void {
    const place = this.sigma.getNodeDisplayData(id);
    if (!place) return;
    const camera = this.sigma.getCamera();
    const ratio = Math.min(camera.ratio, 0.8);
    camera.animate({ x: place.x, y: place.y, ratio }, { duration: calm() ? 0 : 300 });
  }

  zoom(inwards: boolean): void {
    const camera = this.sigma.getCamera();
    camera.animate(
      { ratio: camera.getBoundedRatio(camera.ratio * (inwards ? 0.7 : 1.43)) },
      { duration: calm() ? 0 : 180 },
    );
  }

  kill(): void {
    this.sigma.kill();
  }

  /** A small canvas has small nodes and a small rim. */
  private measure(): void {
    const { width, height } = this.sigma.getDimensions();
    this.scale = Math.min(Math.max(Math.min(width, height) / 460, 0.45), 1);
    this.sigma.setSetting('stagePadding', 44 * this.scale);
  }

  private look(): void {
    const middle = this.chosen || this.hovered;
    this.near = new Set(middle && this.graph.hasNode(middle) ? [middle, ...this.graph.neighbors(middle)] : []);
    if (this.chosenEdge) for (const end of this.graph.extremities(this.chosenEdge)) this.near.add(end);
    this.sigma.refresh({ skipIndexation: true });
  }

  private node(id: string, values: NodeValues): Partial<NodeDisplayData> & { borderColor: string } {
    const faded = this.near.size > 0 && !this.near.has(id);
    const provisional = values.entity.status === 'provisional';
    return {
      ...values,
      type: 'bordered',
      size: values.size * this.scale,
      // what the catalog lacks is a ring, what it holds a disc
      color: faded ? this.ink.faded : provisional ? this.ink.surface : values.color,
      borderColor: faded
        ? this.ink.faded
        : values.fixed
          ? this.ink.text
          : provisional
            ? values.color
            : this.ink.surface,
      label: faded ? '' : values.label,
      highlighted: id === this.chosen,
      forceLabel: id === this.chosen || (this.near.size > 0 && this.near.size <= NAMED_NEIGHBOURS && this.near.has(id)),
      zIndex: id === this.chosen ? 2 : this.near.has(id) ? 1 : 0,
    };
  }

  private edge(key: string, values: EdgeValues): Partial<EdgeDisplayData> & { curvature: number } {
    const [from, to] = this.graph.extremities(key);
    const hidden = this.graph.getNodeAttribute(from, 'hidden') || this.graph.getNodeAttribute(to, 'hidden');
    const middle = this.chosen || this.hovered;
    const told = key === this.chosenEdge || (!this.chosenEdge && middle !== '' && (from === middle || to === middle));
    const faded = this.near.size > 0 && !told;
    const few = key === this.chosenEdge || this.near.size <= NAMED_EDGES;
    return {
      type: shape(values),
      hidden,
      curvature: values.curvature,
      color: told ? this.ink.accent : faded ? this.ink.faded : this.ink.edge,
      size: key === this.chosenEdge ? 3.5 : told ? 2.4 : 1.8,
      label:
        told && few && this.chosen && this.scale > 0.8 && values.relation !== 'CO_MENTIONED'
          ? words(values.relation)
          : '',
      forceLabel: told && few && Boolean(this.chosen),
      zIndex: told ? 1 : 0,
    };
  }

  private listen(): void {
    const { sigma } = this;
    sigma.on('clickNode', ({ node }) => this.moved || this.events.onNode(node));
    sigma.on('clickEdge', ({ edge }) => this.events.onEdge(edge));
    sigma.on('clickStage', () => this.events.onNothing());
    sigma.on('enterNode', ({ node }) => this.hover(node));
    sigma.on('leaveNode', () => this.hover(''));
    sigma.on('downNode', ({ node }) => {
      this.dragged = node;
      this.moved = false;
    });
    sigma.on('moveBody', ({ event }) => {
      if (!this.dragged) return;
      if (!sigma.getCustomBBox()) sigma.setCustomBBox(sigma.getBBox());
      const place = sigma.viewportToGraph(event);
      this.graph.mergeNodeAttributes(this.dragged, { x: place.x, y: place.y, fixed: true });
      this.moved = true;
      event.preventSigmaDefault();
      event.original.preventDefault();
    });
    const drop = () => {
      if (this.dragged && this.moved) {
        const { x, y } = this.graph.getNodeAttributes(this.dragged);
        this.events.onPin(this.dragged, x, y);
      }
      this.dragged = '';
    };
    sigma.on('upNode', drop);
    sigma.on('upStage', drop);
    sigma.on('resize', () => this.measure());
    sigma.getCamera().on('updated', (camera) => this.events.onCamera(camera));
  }

  private hover(id: string): void {
    this.hovered = id;
    this.sigma.getContainer().classList.toggle('over-node', id !== '');
    if (!this.chosen) this.look();
  }
}

/** What is only mentioned together has no direction. */
function shape({ relation, curvature }: EdgeValues): string {
  const line = relation === 'CO_MENTIONED';
  if (curvature) return line ? 'bentLine' : 'bentArrow';
  return line ? 'line' : 'arrow';
}
