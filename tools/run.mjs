// `node tools/run.mjs <module> [words]`: builds what is stale, then imports dist/<module> and calls its exported `main(words)` where it has one.
import { build } from './build.mjs';

const [name, ...words] = process.argv.slice(2);
try {
  await build();
  const { main } = await import(`../dist/${name}`);
  await main?.(words);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
