// Builds the lock screen's page: one script, one style sheet, one font, nothing from elsewhere.

import { defineConfig } from 'vite'

export default defineConfig({
  root: new URL('./src/screen/page', import.meta.url).pathname,
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: new URL('./dist/screen', import.meta.url).pathname,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      output: {
        entryFileNames: 'screen.js',
        assetFileNames: '[name][extname]',
      },
    },
  },
})
