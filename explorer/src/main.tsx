import '@fontsource-variable/inter';
import { render } from 'preact';
import { App } from './app';
import { apply } from './shell/theme';
import './style/tokens.css';
import './style/base.css';
import './style/parts.css';
import './style/shell.css';
import './style/graph.css';
import './style/side.css';
import './style/work.css';
import './style/charts.css';

apply();
const place = document.getElementById('app');
if (place) render(<App />, place);
