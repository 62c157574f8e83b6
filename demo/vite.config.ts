// Builds the demo's page.

import { defineConfig } from 'vite'

export default defineConfig({
  root: new URL('./src/page', import.meta.url).pathname,
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: new URL('./dist', import.meta.url).pathname,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      output: { entryFileNames: 'demo.js', assetFileNames: '[name][extname]' },
    },
  },
})
