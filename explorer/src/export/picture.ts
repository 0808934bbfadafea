/** The canvas as a PNG, at twice the size of the screen, over the background of the theme. */

import { toBlob } from '@sigma/export-image';
import type Sigma from 'sigma';
import { readInk } from '../graph/labels';
import type { EdgeValues, NodeValues } from '../graph/model';

export async function picture(sigma: Sigma<NodeValues, EdgeValues>): Promise<Blob> {
  const { width, height } = sigma.getDimensions();
  return toBlob(sigma as unknown as Sigma, {
    format: 'png',
    width: width * 2,
    height: height * 2,
    backgroundColor: readInk().surface,
    sigmaSettings: { labelSize: 24, edgeLabelSize: 20, labelGridCellSize: 180 },
  });
}
