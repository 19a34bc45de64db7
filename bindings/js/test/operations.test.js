// Each operation against plain loops. NINETAP_PACKAGE: the package's directory.
import assert from 'node:assert/strict';
import { env } from 'node:process';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import * as loops from './loops.js';

const { load } = await import(pathToFileURL(`${env.NINETAP_PACKAGE}/index.js`));
const nt = await load();
const { numbers } = loops;

/* Whole numbers whose sums are exact: all orders, and Winograd's transforms, give the same. */
function checkConv(options, { tolerance = 0 } = {}) {
  const { n = 1, ic, ih, iw, oc, groups = 1 } = options;
  const x = numbers(n * ic * ih * iw, 3);
  const w = numbers(oc * (ic / groups) * 9, 5);
  const b = numbers(oc, 7);
  const { y, oh, ow } = loops.conv3x3(options, x, w, b);
  const conv = nt.conv3x3(options, w, b);
  assert.deepEqual([conv.oh, conv.ow], [oh, ow]);
  const found = conv.run(x);
  assert.equal(found.length, y.length);
  found.forEach((v, i) => assert.ok(Math.abs(v - y[i]) <= tolerance, `${v} at ${i}, not ${y[i]}`));
  conv.free();
}

test('convolutions of many shapes are what loops give', () => {
  checkConv({ ic: 1, ih: 28, iw: 28, oc: 8 });
  checkConv({ ic: 1, ih: 28, iw: 28, oc: 8, pad: 1 });
  checkConv({ ic: 3, ih: 17, iw: 31, oc: 5, pad: [1, 0, 2, 1], algo: 'direct' });
  checkConv({ ic: 4, ih: 9, iw: 11, oc: 6, stride: 2, pad: 1 });
  checkConv({ ic: 4, ih: 12, iw: 10, oc: 6, groups: 2, dilation: 2, pad: 2 });
  checkConv({ ic: 16, ih: 14, iw: 14, oc: 16, groups: 16, pad: 1, precision: 'portable' });
  checkConv({ n: 3, ic: 2, ih: 5, iw: 6, oc: 3, pad: 1, border: 'replicate' });
  checkConv({ ic: 2, ih: 5, iw: 6, oc: 3, pad: 1, border: 'reflect101' });
  checkConv({ ic: 2, ih: 5, iw: 6, oc: 3, pad: 1, border: 4 });
});

test('Winograd is as close as it promises, and is named', () => {
  for (const algo of ['winograd2', 'winograd4']) {
    checkConv({ ic: 32, ih: 20, iw: 20, oc: 32, pad: 1, algo }, { tolerance: 0.1 });
  }
  const options = { ic: 32, ih: 20, iw: 20, oc: 32, algo: 'winograd4' };
  assert.equal(nt.conv3x3(options, numbers(32 * 32 * 9)).algorithm, 'winograd4');
  assert.match(nt.conv3x3({ ic: 1, ih: 9, iw: 9, oc: 8 }, numbers(72)).kernel, /wasm128/);
});

test('activations, the fused pool and the residual follow', () => {
  const options = { ic: 2, ih: 10, iw: 12, oc: 3, pad: 1 };
  const [x, w, b] = [numbers(240), numbers(54, 2), numbers(3, 9)];
  const { y } = loops.conv3x3(options, x, w, b);
  const run = (more, ...rest) => nt.conv3x3({ ...options, ...more }, w, b).run(x, undefined, ...rest);
  assert.deepEqual(run({ act: 'relu' }), y.map((v) => Math.max(v, 0)));
  assert.deepEqual(run({ act: { clamp: [-5, 6] } }), y.map((v) => Math.min(Math.max(v, -5), 6)));
  assert.deepEqual(run({ act: { leakyRelu: 0.5 } }), y.map((v) => (v > 0 ? v : v * 0.5)));
  const pooled = loops.pool2x2(3, 10, 12, y.map((v) => Math.max(v, 0)), loops.max);
  assert.deepEqual(run({ act: 'relu', pool: 'max' }), pooled);
  const residual = numbers(y.length, 11);
  assert.deepEqual(run({}, residual), y.map((v, i) => v + residual[i]));
});

test('NHWC is the same numbers in another order', () => {
  const options = { ic: 3, ih: 6, iw: 7, oc: 4, pad: 1 };
  const [x, w] = [numbers(126), numbers(108, 2)];
  const turn = (v, c, pixels) => v.map((_, i) => v[(i % c) * pixels + Math.floor(i / c)]);
  const { y } = loops.conv3x3(options, x, w);
  const found = nt.conv3x3({ ...options, layout: 'nhwc' }, w).run(turn(x, 3, 42));
  assert.deepEqual(found, turn(y, 4, 42));
});

test('pooling of floats and bytes', () => {
  const shape = { n: 2, c: 3, ih: 11, iw: 38 };
  const x = numbers(2 * 3 * 11 * 38);
  assert.deepEqual(nt.maxPool2x2(x, shape), loops.pool2x2(6, 11, 38, x, loops.max));
  assert.deepEqual(nt.avgPool2x2(x, shape), loops.pool2x2(6, 11, 38, x, loops.mean));
  for (const Type of [Uint8Array, Uint8ClampedArray, Int8Array]) {
    const bytes = Type.from(x, (v) => v + 8);
    const found = nt.maxPool2x2(bytes, shape);
    assert.ok(found instanceof Type);
    assert.deepEqual(found, loops.pool2x2(6, 11, 38, bytes, loops.max));
  }
  const wide = nt.maxPool2x2(Float32Array.of(1, 2, 3), { ih: 1, iw: 3, stride: 1, pad: [1, 0, 0, 0] });
  assert.deepEqual(wide, Float32Array.of(2, 3));
});

test('a dense layer and softmax', () => {
  const [x, w, b] = [numbers(2 * 50), numbers(50 * 10, 2), numbers(10, 3)];
  const y = new Float32Array(20).map((_, at) => {
    const [row, out] = [Math.floor(at / 10), at % 10];
    return w.slice(out * 50, out * 50 + 50).reduce((sum, v, i) => sum + v * x[row * 50 + i], 0) + b[out];
  });
  assert.deepEqual(nt.dense({ n: 2, in: 50, out: 10 }, w, b).run(x), y);
  assert.deepEqual(nt.dense({ n: 2, in: 50, out: 10, act: 'relu' }, w, b).run(x), y.map((v) => Math.max(v, 0)));
  const p = nt.softmax(Float32Array.of(1, 2, 3, 4, 4, 4), { rows: 2 });
  const e = [1, Math.E, Math.E ** 2].map((v) => v / (1 + Math.E + Math.E ** 2));
  [...e, 1 / 3, 1 / 3, 1 / 3].forEach((v, i) => assert.ok(Math.abs(p[i] - v) < 1e-6));
});

const blur = [1 / 16, 1 / 8, 1 / 16, 1 / 8, 1 / 4, 1 / 8, 1 / 16, 1 / 8, 1 / 16];
const edge = [-1, 0, 1, -2, 0, 2, -1, 0, 1];
function picture(width, height, channels) {
  const data = Uint8ClampedArray.from(numbers(width * height * channels), (v) => 128 + v * 15);
  return { data, width, height };
}
const halfToEven = (v) => (Math.abs(v % 1) === 0.5 ? 2 * Math.round(v / 2) : Math.round(v));

test('filters of images keep alpha, know borders, and saturate', () => {
  const image = picture(21, 13, 4);
  for (const border of ['zero', 'replicate', 'reflect101', 200]) {
    const finish = (sum, alpha, channel) => (channel === 3 ? alpha : halfToEven(sum));
    const found = nt.filter3x3(image, blur, { border });
    assert.deepEqual([found.width, found.height], [21, 13]);
    assert.deepEqual(found.data, loops.filter3x3(image, 4, blur, border, finish), String(border));
  }
  const grey = picture(20, 11, 1);
  const edges = loops.filter3x3(grey, 1, edge, 'zero', (sum) => Math.abs(sum) / 2);
  const found = nt.filter3x3(grey, edge, { absolute: true, scale: 0.5 });
  assert.deepEqual(found.data, edges.map(halfToEven));
  const pooled = nt.filter3x3(grey, edge, { absolute: true, scale: 0.5, pool: 'max' });
  assert.deepEqual([pooled.width, pooled.height], [10, 5]);
  assert.deepEqual(pooled.data, loops.pool2x2(1, 11, 20, found.data, loops.max));
  const signed = nt.filter3x3(grey, edge, { type: 's16' }).data;
  assert.ok(signed instanceof Int16Array && signed.some((v) => v < 0));
  const floats = { ...grey, data: Float32Array.from(grey.data) };
  assert.deepEqual(nt.filter3x3(floats, edge).data, loops.filter3x3(floats, 1, edge, 'zero'));
});

test('the magnitude of a gradient', () => {
  const image = picture(16, 9, 1);
  const down = [-1, -2, -1, 0, 0, 0, 1, 2, 1];
  const values = { ...image, data: Float32Array.from(image.data) };
  const [gx, gy] = [edge, down].map((kernel) => loops.filter3x3(values, 1, kernel, 'zero'));
  const l1 = Uint8ClampedArray.from(gx, (v, i) => Math.abs(v) + Math.abs(gy[i]));
  assert.deepEqual(nt.gradient3x3(image, edge, down).data, l1);
  const l2 = nt.gradient3x3(image, edge, down, { norm: 'l2', type: 'f32' }).data;
  l2.forEach((v, i) => assert.ok(Math.abs(v - Math.hypot(gx[i], gy[i])) < 1e-3));
});
