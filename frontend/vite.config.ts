import { defineConfig } from "vitest/config";

// The names of files carry no digest: the address they are served at does.
export default defineConfig({
  build: {
    outDir: "../custom_components/legrand_ews/frontend",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    reportCompressedSize: true,
    rolldownOptions: {
      input: "src/entry.ts",
      preserveEntrySignatures: "strict",
      output: {
        entryFileNames: "entry.js",
        chunkFileNames: "[name].js",
      },
    },
  },
  // Tests take the texts from the integration's translations.
  server: { fs: { allow: [".."] } },
  test: {
    environment: "happy-dom",
    // A page for each file, though not a process: a third of the time.
    pool: "vmThreads",
    silent: "passed-only",
    include: ["test/**/*.test.ts"],
    coverage: {
      include: ["src/**"],
      reporter: ["text-summary"],
      // Nothing is written that is worth keeping.
      reportsDirectory: "node_modules/.coverage",
      thresholds: { lines: 90 },
    },
  },
});
