// ninetap: 3x3 convolution, 2x2 pooling, dense layers and image filters, in WebAssembly.
// index.d.ts says what each function takes and gives.

const LAYOUT = ['nchw', 'nhwc'];
const WEIGHTS_LAYOUT = ['oihw', 'ohwi', 'hwio'];
const BORDER = ['zero', 'replicate', 'reflect101'];
const CONSTANT_BORDER = 3;
const ACT = ['linear', 'relu', 'clamp', 'leaky-relu', 'hard-swish'];
const CLAMP = 2;
const LEAKY_RELU = 3;
const POOL = ['none', 'max'];
const ALGO = ['auto', 'direct', 'winograd2', 'winograd4', 'winograd6'];
const PRECISION = ['default', undefined, 'portable', 'fast']; // EXACT needs fused multiply-adds
const NAN = ['propagate', 'ignore'];
const NORM = ['l1', 'l2'];
const TYPE = ['f32', 'u8', undefined, 's16'];
const [F32, U8, S8] = [0, 1, 2];
const ARRAYS = [Float32Array, Uint8Array, Int8Array, Int16Array];
const OUT_OF_MEMORY = 5;

/* Memory that operations use in turns, one block a role. */
const [SRC, DST, RESIDUAL, WEIGHTS, BIAS] = [0, 1, 2, 3, 4];
const NOTHING = { address: 0 };

/** What the library says of a bad description, or of too little memory. */
export class NinetapError extends Error {
  constructor(status, where, text) {
    super(`${where}: ${text}`);
    this.name = 'NinetapError';
    this.status = status;
  }
}

// ---- Options ----------------------------------------------------------------------------------

/** A name of a list as its number; not given: the first one. */
function choice(where, key, value, names) {
  const index = value === undefined ? 0 : names.indexOf(value);
  if (index < 0 || names[index] === undefined) {
    const known = names.filter((name) => name !== undefined).join(', ');
    throw new TypeError(`${where}: ${key}: ${String(value)} is none of ${known}`);
  }
  return index;
}

function whole(where, key, value, otherwise) {
  const number = value === undefined ? otherwise : value;
  if (!Number.isInteger(number) || Math.abs(number) > 0x7fffffff) {
    throw new TypeError(`${where}: ${key}: ${String(value)} is not a whole number`);
  }
  return number;
}

function real(where, key, value, otherwise) {
  const number = value === undefined ? otherwise : value;
  if (typeof number !== 'number') {
    throw new TypeError(`${where}: ${key}: ${String(value)} is not a number`);
  }
  return number;
}

const NO_PADDING = [0, 0, 0, 0];

/** One number for all sides, or top, left, bottom, right. */
function sides(where, pad = 0) {
  if (pad === 0) {
    return NO_PADDING;
  }
  const four = Array.isArray(pad) ? pad : [pad, pad, pad, pad];
  if (four.length !== 4) {
    throw new TypeError(`${where}: pad: a number, or [top, left, bottom, right]`);
  }
  return four.map((side) => whole(where, 'pad', side));
}

/** The name of an activation, { clamp: [lo, hi] } or { leakyRelu: slope }. */
function activation(where, act) {
  const none = { act: 0, lo: 0, hi: 0, slope: 0 };
  if (Array.isArray(act?.clamp)) {
    const [lo, hi] = act.clamp;
    return { ...none, act: CLAMP, lo: real(where, 'clamp', lo), hi: real(where, 'clamp', hi) };
  }
  if (act?.leakyRelu !== undefined) {
    return { ...none, act: LEAKY_RELU, slope: real(where, 'leakyRelu', act.leakyRelu) };
  }
  const index = choice(where, 'act', act, ACT);
  if (index === CLAMP || index === LEAKY_RELU) {
    throw new TypeError(`${where}: act: { clamp: [lo, hi] } or { leakyRelu: slope }`);
  }
  return { ...none, act: index };
}

function known(where, options, keys) {
  for (const key in options) {
    if (!keys.has(key)) {
      throw new TypeError(`${where}: there is no option ${key}; there are ${[...keys].join(', ')}`);
    }
  }
}

const keys = (names) => new Set(names.split(' '));
const CONV = keys(
  'n ic ih iw oc pad stride dilation groups layout weightsLayout border act pool algo precision',
);
const DENSE = keys('n in out act precision');
const POOLING = keys('n c ih iw stride pad dilation ceil layout nan');
const FILTER = keys('channels keepAlpha border absolute pool scale delta type');
const SOFTMAX = keys('rows');

function conv3x3Words(where, o) {
  known(where, o, CONV);
  const { act, lo, hi, slope } = activation(where, o.act);
  const constant = typeof o.border === 'number';
  return {
    n: whole(where, 'n', o.n, 1),
    ic: whole(where, 'ic', o.ic),
    ih: whole(where, 'ih', o.ih),
    iw: whole(where, 'iw', o.iw),
    oc: whole(where, 'oc', o.oc),
    pad: sides(where, o.pad),
    stride: whole(where, 'stride', o.stride, 1),
    dilation: whole(where, 'dilation', o.dilation, 1),
    groups: whole(where, 'groups', o.groups, 1),
    layout: choice(where, 'layout', o.layout, LAYOUT),
    weightsLayout: choice(where, 'weightsLayout', o.weightsLayout, WEIGHTS_LAYOUT),
    border: constant ? CONSTANT_BORDER : choice(where, 'border', o.border, BORDER),
    act,
    pool: choice(where, 'pool', o.pool, POOL),
    algo: choice(where, 'algo', o.algo, ALGO),
    precision: choice(where, 'precision', o.precision, PRECISION),
    reals: [constant ? o.border : 0, lo, hi, slope],
  };
}

function pool2x2Words(where, o) {
  known(where, o, POOLING);
  return {
    n: whole(where, 'n', o.n, 1),
    c: whole(where, 'c', o.c, 1),
    ih: whole(where, 'ih', o.ih),
    iw: whole(where, 'iw', o.iw),
    stride: whole(where, 'stride', o.stride, 2),
    pad: sides(where, o.pad),
    dilation: whole(where, 'dilation', o.dilation, 1),
    ceil: o.ceil ? 1 : 0,
    layout: choice(where, 'layout', o.layout, LAYOUT),
    nan: choice(where, 'nan', o.nan, NAN),
    reals: [],
  };
}

function denseWords(where, o) {
  known(where, o, DENSE);
  const { act, lo, hi, slope } = activation(where, o.act);
  return {
    n: whole(where, 'n', o.n, 1),
    in: whole(where, 'in', o.in),
    out: whole(where, 'out', o.out),
    act,
    precision: choice(where, 'precision', o.precision, PRECISION),
    reals: [lo, hi, slope],
  };
}

/** One value for all channels, or one for each. */
function borderValues(where, border, channels) {
  const values = Array.isArray(border) ? border : Array(channels).fill(border);
  return [0, 1, 2, 3].map((i) => real(where, 'border', values[i], 0));
}

function filterWords(where, image, o) {
  known(where, o, FILTER);
  const pixels = Math.max(1, image.width * image.height);
  const channels = whole(where, 'channels', o.channels, Math.floor(image.data.length / pixels));
  const source = elementType(where, image.data);
  const constant = typeof o.border === 'number' || Array.isArray(o.border);
  return {
    ih: whole(where, 'height', image.height),
    iw: whole(where, 'width', image.width),
    channels,
    keepAlpha: o.keepAlpha ?? channels % 2 === 0 ? 1 : 0,
    source,
    target: o.type === undefined ? source : choice(where, 'type', o.type, TYPE),
    border: constant ? CONSTANT_BORDER : choice(where, 'border', o.border, BORDER),
    absolute: o.absolute ? 1 : 0,
    pool: choice(where, 'pool', o.pool, POOL),
    reals: [
      real(where, 'scale', o.scale, 1),
      real(where, 'delta', o.delta, 0),
      ...(constant ? borderValues(where, o.border, channels) : [0, 0, 0, 0]),
    ],
  };
}

function elementType(where, data) {
  if (data instanceof Float32Array) {
    return F32;
  }
  if (data instanceof Uint8Array || data instanceof Uint8ClampedArray) {
    return U8;
  }
  if (data instanceof Int8Array) {
    return S8;
  }
  throw new TypeError(`${where}: a Float32Array, Uint8Array, Uint8ClampedArray or Int8Array is wanted`);
}

function checkLength(where, what, array, length) {
  if (array.length !== length) {
    throw new RangeError(`${where}: ${what} has ${array.length} elements, not ${length}`);
  }
}

function floats(where, what, values, length) {
  const array = values instanceof Tensor || values instanceof Float32Array ? values : Float32Array.from(values);
  checkLength(where, what, array, length);
  return array;
}

function checkTarget(where, dst, Type, length) {
  if (dst !== undefined && !(dst instanceof Type) && !(Type === Float32Array && dst instanceof Tensor)) {
    throw new TypeError(`${where}: dst is no ${Type.name}`);
  }
  if (dst !== undefined) {
    checkLength(where, 'dst', dst, length);
  }
}

// ---- Memory -----------------------------------------------------------------------------------

/**
 * The module and its memory. Its views are made anew when memory has grown, which detaches the ones
 * before; so addresses are kept, and views are not.
 */
class Module {
  constructor(instance) {
    this.exports = instance.exports;
    this.exports._initialize();
    this.words = this.exports.words();
    this.results = this.exports.results();
    this.scratch = [];
    this.refresh();
  }

  refresh() {
    const { buffer } = this.exports.memory;
    this.bytes = new Uint8Array(buffer);
    this.floats = new Float32Array(buffer);
    this.ints = new Int32Array(buffer);
  }

  /** All bytes of the memory as it is now. */
  current() {
    if (this.bytes.length === 0) {
      this.refresh();
    }
    return this;
  }

  text(address) {
    const { bytes } = this.current();
    return String.fromCharCode(...bytes.subarray(address, bytes.indexOf(0, address)));
  }

  check(status, where) {
    if (status !== 0) {
      throw new NinetapError(status, where, this.text(this.exports.error_text(status)));
    }
  }

  allocate(where, bytes) {
    const address = bytes < 2 ** 31 ? this.exports.allocate(Math.max(bytes, 1)) : 0;
    if (address === 0) {
      this.check(OUT_OF_MEMORY, where);
    }
    return address;
  }

  /** Memory for one use, until the next one of this slot. */
  take(where, slot, bytes) {
    const last = this.scratch[slot] ?? { address: 0, bytes: 0 };
    if (last.bytes < bytes) {
      this.exports.release(last.address);
      this.scratch[slot] = undefined;
      this.scratch[slot] = { address: this.allocate(where, bytes), bytes };
    }
    return this.scratch[slot]?.address ?? 0;
  }

  /** The words of a description, in the order in which module.c takes them. */
  describe(description) {
    const { ints, floats: all } = this.current();
    let at = this.words >> 2;
    for (const key in description) {
      const value = description[key];
      if (typeof value === 'number') {
        ints[at++] = value;
      } else {
        const to = key === 'reals' ? all : ints;
        for (let i = 0; i < value.length; i++) {
          to[at++] = value[i];
        }
      }
    }
  }

  result(i) {
    return this.current().ints[(this.results >> 2) + i] >>> 0;
  }

  /** A tensor, or a view of one, by its address: growing memory would detach the view. */
  pin(array) {
    const inside = array instanceof Tensor || array?.buffer === this.exports.memory.buffer;
    return inside ? { address: array.address ?? array.byteOffset } : array;
  }

  /** Where an array lies in the memory: a pinned one where it is, any other is copied to `slot`. */
  input(where, slot, array) {
    if (array.address !== undefined) {
      return array.address;
    }
    const address = this.take(where, slot, array.byteLength);
    if (array instanceof Float32Array) {
      this.current().floats.set(array, address >> 2);
    } else {
      this.current().bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), address);
    }
    return address;
  }

  /** Calls run(src, dst) with addresses, and gives dst, or a new array of this type without one. */
  compute(where, src, dst, Type, length, run) {
    const from = this.pin(src);
    const into = this.pin(dst);
    const to = into?.address ?? this.take(where, DST, length * Type.BYTES_PER_ELEMENT);
    this.check(run(this.input(where, SRC, from), to), where);
    const view = () => new Type(this.exports.memory.buffer, to, length);
    if (into?.address !== undefined) {
      return dst instanceof Tensor || dst.length > 0 ? dst : view();
    }
    if (dst === undefined) {
      return view().slice();
    }
    dst.set(view());
    return dst;
  }
}

const releases = new FinalizationRegistry(({ release, address }) => release(address));

/** What has memory of its own in the module, until free() or until nobody holds it. */
class Owner {
  #address;
  #release;
  constructor(address, release) {
    this.#address = address;
    this.#release = release;
    releases.register(this, { release, address }, this);
  }

  get address() {
    if (this.#address === 0) {
      throw new TypeError(`${this.constructor.name}: it was freed`);
    }
    return this.#address;
  }

  free() {
    if (this.#address !== 0) {
      releases.unregister(this);
      this.#release(this.#address);
      this.#address = 0;
    }
  }
}

/** Floats in the module's memory, which operations use without a copy. */
export class Tensor extends Owner {
  #module;
  constructor(module, length) {
    super(module.allocate('tensor', 4 * length), module.exports.release);
    this.#module = module;
    this.length = length;
  }

  get data() {
    return new Float32Array(this.#module.exports.memory.buffer, this.address, this.length);
  }
}

// ---- Plans ------------------------------------------------------------------------------------

/** A convolution with its packed weights. */
export class Conv3x3 extends Owner {
  #module;
  constructor(module, options, weights, bias) {
    const where = 'conv3x3';
    const words = conv3x3Words(where, options);
    const { n, ic, ih, iw, oc, groups } = words;
    module.describe(words);
    module.check(module.exports.conv3x3_output(), where);
    const [oh, ow] = [module.result(0), module.result(1)];
    const w = module.pin(floats(where, 'weights', weights, oc * (ic / groups) * 9));
    const b = module.pin(bias == null ? NOTHING : floats(where, 'bias', bias, oc));
    const addresses = [module.input(where, WEIGHTS, w), module.input(where, BIAS, b)];
    module.check(module.exports.conv3x3_create(...addresses), where);
    super(module.result(0), module.exports.conv3x3_free);
    this.#module = module;
    this.algorithm = module.text(module.result(1));
    this.kernel = module.text(module.result(2));
    this.oh = oh;
    this.ow = ow;
    this.inputLength = n * ic * ih * iw;
    this.outputLength = n * oc * oh * ow;
  }

  run(src, dst, residual) {
    const where = 'conv3x3';
    const module = this.#module;
    const plan = this.address;
    const x = floats(where, 'src', src, this.inputLength);
    checkTarget(where, dst, Float32Array, this.outputLength);
    const addend = module.pin(
      residual == null ? NOTHING : floats(where, 'residual', residual, this.outputLength),
    );
    const run = (from, to) =>
      module.exports.conv3x3_run(plan, from, module.input(where, RESIDUAL, addend), to);
    return module.compute(where, x, dst, Float32Array, this.outputLength, run);
  }
}

/** A dense layer with its packed weights. */
export class Dense extends Owner {
  #module;
  constructor(module, options, weights, bias) {
    const where = 'dense';
    const words = denseWords(where, options);
    const w = module.pin(floats(where, 'weights', weights, words.in * words.out));
    const b = module.pin(bias == null ? NOTHING : floats(where, 'bias', bias, words.out));
    const addresses = [module.input(where, WEIGHTS, w), module.input(where, BIAS, b)];
    module.describe(words);
    module.check(module.exports.dense_create(...addresses), where);
    super(module.result(0), module.exports.dense_free);
    this.#module = module;
    this.inputLength = words.n * words.in;
    this.outputLength = words.n * words.out;
  }

  run(src, dst) {
    const where = 'dense';
    const plan = this.address;
    const x = floats(where, 'src', src, this.inputLength);
    checkTarget(where, dst, Float32Array, this.outputLength);
    const run = (from, to) => this.#module.exports.dense_run(plan, from, to);
    return this.#module.compute(where, x, dst, Float32Array, this.outputLength, run);
  }
}

// ---- The library ------------------------------------------------------------------------------

class Ninetap {
  #module;
  constructor(module) {
    this.#module = module;
    this.version = module.text(module.exports.version());
  }

  /** Floats in the module's memory: so many zeros, or a copy of these. */
  tensor(lengthOrValues) {
    const values = typeof lengthOrValues === 'number' ? null : lengthOrValues;
    const length = whole('tensor', 'length', values?.length ?? lengthOrValues);
    const tensor = new Tensor(this.#module, length);
    if (values === null) {
      tensor.data.fill(0);
    } else {
      tensor.data.set(values);
    }
    return tensor;
  }

  conv3x3(options, weights, bias) {
    return new Conv3x3(this.#module, options, weights, bias);
  }

  dense(options, weights, bias) {
    return new Dense(this.#module, options, weights, bias);
  }

  maxPool2x2(src, options, dst) {
    return this.#pool('maxPool2x2', this.#module.exports.maxpool2x2, src, options, dst);
  }

  avgPool2x2(src, options, dst) {
    return this.#pool('avgPool2x2', this.#module.exports.avgpool2x2, src, options, dst);
  }

  #pool(where, pool, src, options, dst) {
    const module = this.#module;
    const words = pool2x2Words(where, options);
    const { n, c, ih, iw } = words;
    const type = src instanceof Tensor ? F32 : elementType(where, src);
    const Type = src instanceof Tensor ? Float32Array : src.constructor;
    module.describe(words);
    module.check(module.exports.pool2x2_output(), where);
    const length = n * c * module.result(0) * module.result(1);
    checkLength(where, 'src', src, n * c * ih * iw);
    checkTarget(where, dst, Type, length);
    return module.compute(where, src, dst, Type, length, (from, to) => pool(type, from, to));
  }

  /** Of each row; `rows` of them, one if it is not given. */
  softmax(src, options = {}, dst) {
    const where = 'softmax';
    known(where, options, SOFTMAX);
    const rows = whole(where, 'rows', options.rows, 1);
    const x = floats(where, 'src', src, src.length);
    const columns = Math.max(1, Math.floor(x.length / rows) || 0);
    checkLength(where, 'src', x, rows * columns);
    checkTarget(where, dst, Float32Array, x.length);
    const run = (from, to) => this.#module.exports.softmax(rows, columns, from, to);
    return this.#module.compute(where, x, dst, Float32Array, x.length, run);
  }

  /** An image as a canvas has it, filtered by nine numbers, row by row. */
  filter3x3(image, kernel, options = {}) {
    const { filter3x3 } = this.#module.exports;
    return this.#filter('filter3x3', image, [kernel], options, filter3x3);
  }

  /** The magnitude of the gradient that two kernels make: the picture of edges. */
  gradient3x3(image, kx, ky, { norm, ...options } = {}) {
    const where = 'gradient3x3';
    const index = choice(where, 'norm', norm, NORM);
    const run = (kernels, src, dst) => this.#module.exports.gradient3x3(kernels, index, src, dst);
    return this.#filter(where, image, [kx, ky], options, run);
  }

  #filter(where, image, kernels, options, filter) {
    const module = this.#module;
    const words = filterWords(where, image, options);
    const numbers = kernels.flatMap((kernel) => Array.from(floats(where, 'kernel', kernel, 9)));
    const { width, height } = image;
    checkLength(where, 'data', image.data, width * height * words.channels);
    const scale = words.pool === 0 ? 1 : 2;
    const size = { width: Math.floor(width / scale), height: Math.floor(height / scale) };
    const length = size.width * size.height * words.channels;
    const same = words.source === words.target;
    const Type = same ? image.data.constructor : ARRAYS[words.target];
    const at = module.input(where, WEIGHTS, Float32Array.from(numbers));
    module.describe(words);
    const run = (from, to) => filter(at, from, to);
    const data = module.compute(where, image.data, undefined, Type, length, run);
    const canvas = typeof ImageData === 'function' && image instanceof ImageData && same;
    return canvas ? new ImageData(data, size.width, size.height) : { data, ...size };
  }
}

// ---- Loading ----------------------------------------------------------------------------------

/** The module's bytes from beside this file: by fetch, and from disk where there is Node. */
async function ownModule() {
  const url = new URL('./ninetap.wasm', import.meta.url);
  if (url.protocol === 'file:' && globalThis.process?.versions?.node !== undefined) {
    const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:fs/promises');
    return readFile(url);
  }
  return fetch(url);
}

async function compile(source) {
  const given = await source;
  if (given instanceof WebAssembly.Module) {
    return given;
  }
  const found = typeof given === 'string' || given instanceof URL ? await fetch(given) : given;
  if (typeof Response === 'undefined' || !(found instanceof Response)) {
    return WebAssembly.compile(found);
  }
  if (!found.ok) {
    throw new Error(`ninetap: ${found.url}: ${found.status} ${found.statusText}`);
  }
  return WebAssembly.compile(await found.arrayBuffer());
}

/**
 * The library, with memory of its own. Without an argument its module is taken from beside this
 * file; else from a URL, a Response, bytes, or a compiled module.
 */
export async function load(source = ownModule()) {
  const module = await compile(source);
  return new Ninetap(new Module(await WebAssembly.instantiate(module)));
}
