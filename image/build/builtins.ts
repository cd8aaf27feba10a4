import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

const NAMESPACE = 'builtin';

/**
 * An esbuild plugin that has Node's own modules fetched by `process.getBuiltinModule`. An ES module that imports one makes
 * Node read every property that it exports, also those made at the first look: `import 'node:http'` alone loads the whole
 * of fetch and WebSocket (lib/internal/bootstrap/realm.js, `syncExports`), 4.8 s of a program's start under emulation.
 */
export const builtins: Plugin = {
  name: 'builtins',
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path, kind }) =>
      kind === 'import-statement' && isBuiltin(path) ? { path, namespace: NAMESPACE } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      loader: 'js',
    }));
  },
};
