// What the operations are, as plain loops.

/** A number that is the same in every run; exact in sums of a few thousand of them. */
export function numbers(length, seed = 1) {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return ((state >> 16) % 17) - 8;
  });
}

const limit = (i, size) => Math.min(Math.max(i, 0), size - 1);
const mirror = (i, size) => (i < 0 ? -i : i >= size ? 2 * size - 2 - i : i);

/** The value at y, x of a plane, or what lies outside it. */
function pixel(at, y, x, h, w, border) {
  const inside = y >= 0 && y < h && x >= 0 && x < w;
  if (inside) {
    return at(y, x);
  }
  if (typeof border === 'number') {
    return border;
  }
  if (border === 'replicate') {
    return at(limit(y, h), limit(x, w));
  }
  return border === 'reflect101' ? at(mirror(y, h), mirror(x, w)) : 0;
}

export function conv3x3(o, x, weights, bias) {
  const { n = 1, ic, ih, iw, oc, pad = 0, stride = 1, dilation = 1, groups = 1, border } = o;
  const [top, left, bottom, right] = Array.isArray(pad) ? pad : [pad, pad, pad, pad];
  const oh = Math.floor((ih + top + bottom - 2 * dilation - 1) / stride) + 1;
  const ow = Math.floor((iw + left + right - 2 * dilation - 1) / stride) + 1;
  const ics = ic / groups;
  const y = new Float32Array(n * oc * oh * ow);
  for (let at = 0; at < y.length; at++) {
    const column = at % ow;
    const row = Math.floor(at / ow) % oh;
    const out = Math.floor(at / (ow * oh)) % oc;
    const image = Math.floor(at / (ow * oh * oc));
    const first = Math.floor(out / (oc / groups)) * ics;
    let sum = 0;
    for (let i = 0; i < ics * 9; i++) {
      const channel = first + Math.floor(i / 9);
      const r = row * stride + (Math.floor(i / 3) % 3) * dilation - top;
      const c = column * stride + (i % 3) * dilation - left;
      const plane = (image * ic + channel) * ih;
      const value = pixel((v, u) => x[(plane + v) * iw + u], r, c, ih, iw, border);
      sum += weights[out * ics * 9 + i] * value;
    }
    y[at] = sum + (bias?.[out] ?? 0);
  }
  return { y, oh, ow };
}

export function pool2x2(planes, ih, iw, x, four) {
  const [oh, ow] = [Math.floor(ih / 2), Math.floor(iw / 2)];
  const y = new x.constructor(planes * oh * ow);
  for (let at = 0; at < y.length; at++) {
    const corner = (Math.floor(at / (oh * ow)) * ih + 2 * (Math.floor(at / ow) % oh)) * iw + 2 * (at % ow);
    y[at] = four(x[corner], x[corner + 1], x[corner + iw], x[corner + iw + 1]);
  }
  return y;
}

export const max = (...four) => Math.max(...four);
export const mean = (a, b, c, d) => (a + b + c + d) / 4;

/** Of an image with `channels` values a pixel; what becomes of a sum is the caller's. */
export function filter3x3({ data, width, height }, channels, kernel, border, finish = (sum) => sum) {
  const y = new data.constructor(data.length);
  for (let at = 0; at < data.length; at++) {
    const channel = at % channels;
    const column = Math.floor(at / channels) % width;
    const row = Math.floor(at / channels / width);
    let sum = 0;
    for (let i = 0; i < 9; i++) {
      const value = (v, u) => data[(v * width + u) * channels + channel];
      sum += kernel[i] * pixel(value, row + Math.floor(i / 3) - 1, column + (i % 3) - 1, height, width, border);
    }
    y[at] = finish(sum, data[at], channel);
  }
  return y;
}
