import { defineConfig } from 'vite';

// The build goes where the Python package ships it from; `npm run dev` asks a running `kg serve`.
export default defineConfig({
  build: {
    outDir: '../kg/server/explorer',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2023',
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { proxy: { '/api': 'http://127.0.0.1:8765' } },
});
