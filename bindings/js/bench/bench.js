// bench.js [PATTERN]: ninetap beside tfjs-backend-wasm and onnxruntime-web, one thread, in turns. Before
// anything is timed, the results are compared. NINETAP_PACKAGE: the package's directory, build/js/package
// if it is not set. In this directory: npm install && npm run bench.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { argv, env, exit } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { int, ints, model } from './onnx.js';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core');
const wasm = require('@tensorflow/tfjs-backend-wasm');
const ort = require('onnxruntime-web');

wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
wasm.setThreadsCount(1);
await tf.setBackend('wasm');
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const root = env.NINETAP_PACKAGE ?? fileURLToPath(new URL('../../../build/js/package', import.meta.url));
const { load } = await import(pathToFileURL(`${root}/index.js`));
const nt = await load();

const ROUNDS = 8;
const ROUND_MS = 30;
let wrong = 0;

const random = (length) => Float32Array.from({ length }, () => Math.random() - 0.5);
const toNhwc = (x, c) => x.map((_, i) => x[(i % c) * (x.length / c) + Math.floor(i / c)]);
const toNchw = (x, c) => toNhwc(x, x.length / c);

/** The largest difference, by the largest value. */
function difference(found, right) {
  const far = found.reduce((most, v, i) => Math.max(most, Math.abs(v - right[i])), 0);
  return far / right.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
}

/** Milliseconds of a call of each, the least of all rounds. */
async function inTurns(runs) {
  const times = [];
  for (const { run } of runs) {
    for (let i = 0; i < 3; i++) {
      await run();
    }
    const start = performance.now();
    await run();
    times.push({ calls: Math.max(1, Math.round(ROUND_MS / (performance.now() - start))), least: Infinity });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [k, { run, waits }] of runs.entries()) {
      const { calls } = times[k];
      const start = performance.now();
      for (let i = 0; i < calls; i++) {
        if (waits) {
          await run();
        } else {
          run();
        }
      }
      times[k].least = Math.min(times[k].least, (performance.now() - start) / calls);
    }
  }
  return times.map(({ least }) => least);
}

/** ninetap, ninetap with copies, tfjs, onnxruntime: each gives its output, in NCHW, by `result`. */
async function line(name, runs, right) {
  for (const { run, result } of runs) {
    const far = difference(await result(await run()), right);
    if (!(far < 1e-5)) {
      console.log(`${name}: ${run} is off by ${far}`);
      wrong++;
    }
  }
  const times = await inTurns(runs);
  const peers = Math.min(times[2], times[3]) / times[0];
  console.log(name.padEnd(18), ...times.map((t) => t.toFixed(4).padStart(10)), peers.toFixed(2).padStart(7));
}

/** What both peers need of an operation, as lines take it. */
async function peersOf(tfjs, c, bytes, x, shape) {
  const session = await ort.InferenceSession.create(bytes);
  const feeds = { x: new ort.Tensor('float32', x, shape) };
  return [
    {
      run: () => tfjs().dispose(),
      result: () => tf.tidy(() => toNchw(tfjs().dataSync(), c)),
    },
    { run: () => session.run(feeds), result: ({ y }) => y.data, waits: true },
  ];
}

async function convolution(name, options) {
  const { ic, ih, iw, oc, pad = 0, stride = 1, groups = 1 } = options;
  const depthwise = groups > 1;
  const taps = (ic / groups) * 9;
  const [x, w] = [random(ic * ih * iw), random(oc * taps)];
  const plan = nt.conv3x3(options, w);
  const [from, to] = [nt.tensor(x), nt.tensor(plan.outputLength)];
  const right = Float32Array.from(plan.run(x));
  const hwio = w.map((_, i) => {
    const [tap, channel] = [Math.floor((i * 9) / w.length), Math.floor(i / oc) % (taps / 9)];
    return w[(i % oc) * taps + channel * 9 + tap];
  });
  const picture = tf.tensor4d(toNhwc(x, ic), [1, ih, iw, ic]);
  const filters = tf.tensor4d(hwio, depthwise ? [3, 3, ic, 1] : [3, 3, ic, oc]);
  const sides = pad === 0 ? 'valid' : [[0, 0], [pad, pad], [pad, pad], [0, 0]];
  const tfjs = () => (depthwise ? tf.depthwiseConv2d : tf.conv2d)(picture, filters, stride, sides);
  const attributes = [ints('pads', Array(4).fill(pad)), ints('strides', [stride, stride]), int('group', groups)];
  const weights = { name: 'w', shape: [oc, ic / groups, 3, 3], values: w };
  const shapes = [[1, ic, ih, iw], [1, oc, plan.oh, plan.ow]];
  const peers = await peersOf(tfjs, oc, model('Conv', [weights], attributes, ...shapes), x, shapes[0]);
  await line(name, [
    { run: () => plan.run(from, to), result: ({ data }) => data },
    { run: () => plan.run(x), result: (y) => y },
    ...peers,
  ], right);
  [plan, from, to].forEach((owner) => owner.free());
  tf.dispose([picture, filters]);
}

async function maxPooling(name, { c, ih, iw }) {
  const x = random(c * ih * iw);
  const [from, to] = [nt.tensor(x), nt.tensor(x.length / 4)];
  const picture = tf.tensor4d(toNhwc(x, c), [1, ih, iw, c]);
  const attributes = [ints('kernel_shape', [2, 2]), ints('strides', [2, 2])];
  const shapes = [[1, c, ih, iw], [1, c, ih / 2, iw / 2]];
  const tfjs = () => tf.maxPool(picture, 2, 2, 'valid');
  const peers = await peersOf(tfjs, c, model('MaxPool', [], attributes, ...shapes), x, shapes[0]);
  await line(name, [
    { run: () => nt.maxPool2x2(from, { c, ih, iw }, to), result: ({ data }) => data },
    { run: () => nt.maxPool2x2(x, { c, ih, iw }), result: (y) => y },
    ...peers,
  ], nt.maxPool2x2(x, { c, ih, iw }));
  [from, to].forEach((owner) => owner.free());
  tf.dispose(picture);
}

const square = (ic, size, oc, more) => ({ ic, ih: size, iw: size, oc, ...more });
const CONVOLUTIONS = {
  '1x28x28-8': square(1, 28, 8),
  '8x13x13-16': square(8, 13, 16),
  '64x56x56-64': square(64, 56, 64, { pad: 1 }),
  '128x28x28-128': square(128, 28, 128, { pad: 1 }),
  '256x14x14-256': square(256, 14, 256, { pad: 1 }),
  '3x224x224-64': square(3, 224, 64, { pad: 1 }),
  '3x224x224-32s2': square(3, 224, 32, { pad: 1, stride: 2 }),
  '3x416x416-16': square(3, 416, 16, { pad: 1 }),
  'dw 32x112x112': square(32, 112, 32, { pad: 1, groups: 32 }),
  'dw 144x56x56': square(144, 56, 144, { pad: 1, groups: 144 }),
};
const POOLINGS = {
  'max 8x26x26': { c: 8, ih: 26, iw: 26 },
  'max 64x224x224': { c: 64, ih: 224, iw: 224 },
};

console.log('ms'.padEnd(18), '   ninetap', ' + copies', '  tfjs-wasm', '  ort-web', ' times');
const wanted = (name) => argv[2] === undefined || name.match(argv[2]);
for (const [name, options] of Object.entries(CONVOLUTIONS).filter(([key]) => wanted(key))) {
  await convolution(name, options);
}
for (const [name, options] of Object.entries(POOLINGS).filter(([key]) => wanted(key))) {
  await maxPooling(name, options);
}
exit(wrong === 0 ? 0 : 1);
