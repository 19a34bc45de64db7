// What is around the operations: errors, memory, loading. NINETAP_PACKAGE: the package's directory.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { env } from 'node:process';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { numbers } from './loops.js';

const root = env.NINETAP_PACKAGE;
const { load, NinetapError } = await import(pathToFileURL(`${root}/index.js`));
const nt = await load();
const shape = { ic: 1, ih: 28, iw: 28, oc: 8, pad: 1 };

test('the module imports nothing, and the version is the package\'s', async () => {
  const module = await WebAssembly.compile(await readFile(`${root}/ninetap.wasm`));
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  assert.equal(nt.version, JSON.parse(await readFile(`${root}/package.json`)).version);
});

test('it loads from bytes, a module, a response and a URL', async () => {
  const bytes = await readFile(`${root}/ninetap.wasm`);
  const url = `data:application/wasm;base64,${bytes.toString('base64')}`;
  const module = await WebAssembly.compile(bytes);
  for (const source of [bytes, module, fetch(url), url, new URL(url)]) {
    assert.equal((await load(source)).version, nt.version);
  }
  await assert.rejects(load(new Response('', { status: 404 })), /404/);
});

test('what the library refuses is an exception with its text', () => {
  const w = numbers(72);
  const refused = (options, text, status) =>
    assert.throws(() => nt.conv3x3({ ...shape, ...options }, w), (error) => {
      assert.ok(error instanceof NinetapError);
      assert.match(error.message, text);
      assert.equal(error.status, status);
      return true;
    });
  refused({ pad: 3 }, /^conv3x3: bad argument/, 1);
  refused({ ih: 0 }, /^conv3x3: bad shape/, 2);
  refused({ groups: 3 }, /^conv3x3: bad shape/, 2);
  refused({ ih: 2 ** 30, iw: 2 ** 30 }, /^conv3x3: a size in bytes does not fit/, 3);
  refused({ algo: 'winograd4', stride: 2 }, /^conv3x3: not offered here/, 6);
  assert.throws(() => nt.tensor(2 ** 30), /^NinetapError: tensor: out of memory/);
  const bytes = { data: new Int8Array(9), width: 3, height: 3 };
  assert.throws(() => nt.filter3x3(bytes, numbers(9)), /^NinetapError: filter3x3: not offered here/);
});

test('what is no description at all is a TypeError or a RangeError', () => {
  const w = numbers(72);
  const type = (options, text) =>
    assert.throws(() => nt.conv3x3({ ...shape, ...options }, w), { name: 'TypeError', message: text });
  type({ act: 'relo' }, 'conv3x3: act: relo is none of linear, relu, clamp, leaky-relu, hard-swish');
  type({ act: 'clamp' }, /clamp: \[lo, hi\]/);
  type({ precision: 'exact' }, /none of default, portable, fast/);
  type({ ic: 1.5 }, 'conv3x3: ic: 1.5 is not a whole number');
  type({ oc: undefined }, /oc: undefined is not a whole number/);
  type({ padding: 1 }, /there is no option padding/);
  type({ pad: [1, 1] }, /top, left, bottom, right/);
  const range = { name: 'RangeError' };
  assert.throws(() => nt.conv3x3(shape, numbers(71)), range);
  assert.throws(() => nt.conv3x3(shape, w, numbers(7)), range);
  const conv = nt.conv3x3(shape, w);
  assert.throws(() => conv.run(numbers(783)), range);
  assert.throws(() => conv.run(numbers(784), new Float32Array(3)), range);
  assert.throws(() => conv.run(numbers(784), new Uint8Array(8 * 784)), { name: 'TypeError' });
  assert.throws(() => nt.maxPool2x2([1, 2, 3, 4], { ih: 2, iw: 2 }), { name: 'TypeError' });
  assert.throws(() => nt.softmax(numbers(5), { rows: 2 }), range);
});

test('results go where they are wanted', () => {
  const [x, w] = [numbers(784), numbers(72)];
  const conv = nt.conv3x3(shape, w);
  const y = conv.run(x);
  const into = new Float32Array(y.length);
  assert.equal(conv.run(x, into), into);
  assert.deepEqual(into, y);
  assert.deepEqual(conv.run(Array.from(x)), y);
  const [from, to] = [nt.tensor(x), nt.tensor(y.length)];
  assert.equal(conv.run(from, to), to);
  assert.deepEqual(to.data, y);
  assert.deepEqual(conv.run(from.data, to.data), y);
  const half = nt.maxPool2x2(to, { c: 8, ih: 28, iw: 28 });
  assert.deepEqual(half, nt.maxPool2x2(y, { c: 8, ih: 28, iw: 28 }));
  assert.throws(() => conv.run(from, nt.tensor(3)), { name: 'RangeError' });
});

test('growing memory changes nothing that somebody holds', async () => {
  const own = await load();
  const [x, w] = [numbers(784), numbers(72)];
  const conv = own.conv3x3(shape, w);
  const from = own.tensor(x);
  const y = conv.run(from);
  const view = from.data;
  for (let i = 0; i < 4; i++) {
    own.tensor(4 << 20);
    assert.deepEqual(conv.run(from), y);
  }
  assert.equal(view.length, 0, 'memory has grown');
  assert.deepEqual(from.data, x);
  // a call that lets memory grow after it was given a view
  const large = { ic: 1, ih: 2000, iw: 2000, oc: 1, algo: 'direct' };
  const tensor = own.tensor(numbers(4e6));
  const sum = own.conv3x3(large, numbers(9));
  const first = sum.run(tensor.data);
  assert.deepEqual(first, sum.run(tensor));
  assert.deepEqual(first, sum.run(numbers(4e6)));
});

test('what was freed is not used, and its memory is used again', async () => {
  const own = await load();
  const conv = own.conv3x3(shape, numbers(72));
  conv.free();
  conv.free();
  assert.throws(() => conv.run(numbers(784)), /Conv3x3: it was freed/);
  for (let i = 0; i < 200; i++) {
    own.tensor(4 << 20).free(); // 3 GB in all
  }
  const dense = own.dense({ in: 4, out: 2 }, numbers(8));
  dense.free();
  assert.throws(() => dense.run(numbers(4)), /Dense: it was freed/);
});
