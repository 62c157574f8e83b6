// Builds the console's pages: one script first, each page's own when it is opened; nothing from
// elsewhere, nothing inline but what bears the nonce of its answer.

import { defineConfig } from 'vite'

export default defineConfig({
  root: new URL('./src', import.meta.url).pathname,
  base: '/console/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'react' } },
  build: {
    outDir: new URL('./dist', import.meta.url).pathname,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Mantine says "use client" in each of its files; there is no server here that would ask.
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning)
      },
    },
  },
})
