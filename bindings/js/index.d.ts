/** Numbers that are copied to the module: a Float32Array is copied fastest. */
export type Floats = Float32Array | readonly number[];

/** Floats in the module's memory: operations use them without a copy. */
export class Tensor {
  private constructor();
  readonly length: number;
  /**
   * The floats. Memory that grows detaches this view, not the tensor: take it anew after each call,
   * or pass the tensor itself.
   */
  readonly data: Float32Array;
  /** Once; what nobody holds is freed some time. */
  free(): void;
}

/** `status` is that of ninetap.h, the message has its text. */
export class NinetapError extends Error {
  readonly status: number;
}

export type Layout = 'nchw' | 'nhwc';
export type Border = 'zero' | 'replicate' | 'reflect101';
export type Activation =
  | 'linear'
  | 'relu'
  | 'hard-swish'
  | { clamp: readonly [lo: number, hi: number] }
  | { leakyRelu: number };
/** Of all sides, or top, left, bottom, right. */
export type Padding = number | readonly [number, number, number, number];
export type Precision = 'default' | 'portable' | 'fast';

/** ninetap_conv3x3_desc of ninetap.h. What is left out is 1, none, or the first of its names. */
export interface Conv3x3Options {
  n?: number;
  ic: number;
  ih: number;
  iw: number;
  oc: number;
  pad?: Padding;
  stride?: number;
  dilation?: number;
  groups?: number;
  layout?: Layout;
  weightsLayout?: 'oihw' | 'ohwi' | 'hwio';
  /** What lies outside the image; a number stands for itself. */
  border?: Border | number;
  act?: Activation;
  /** 'max': 2x2, stride 2, in the same pass. */
  pool?: 'none' | 'max';
  algo?: 'auto' | 'direct' | 'winograd2' | 'winograd4' | 'winograd6';
  precision?: Precision;
}

/** A plan: packed weights, ready to run. */
export class Conv3x3 {
  private constructor();
  readonly oh: number;
  readonly ow: number;
  readonly inputLength: number;
  readonly outputLength: number;
  /** 'direct', 'winograd2', ... */
  readonly algorithm: string;
  readonly kernel: string;
  /** Into dst, or a new array. The residual is added before the activation. */
  run(src: Floats | Tensor, dst?: undefined, residual?: Floats | Tensor): Float32Array;
  run<T extends Float32Array | Tensor>(src: Floats | Tensor, dst: T, residual?: Floats | Tensor): T;
  free(): void;
}

export interface DenseOptions {
  /** Rows. */
  n?: number;
  in: number;
  out: number;
  act?: Activation;
  precision?: Precision;
}

export class Dense {
  private constructor();
  readonly inputLength: number;
  readonly outputLength: number;
  run(src: Floats | Tensor, dst?: undefined): Float32Array;
  run<T extends Float32Array | Tensor>(src: Floats | Tensor, dst: T): T;
  free(): void;
}

/** ninetap_pool2x2_desc of ninetap.h. */
export interface Pool2x2Options {
  n?: number;
  c?: number;
  ih: number;
  iw: number;
  /** 2 if it is left out. */
  stride?: number;
  pad?: Padding;
  dilation?: number;
  ceil?: boolean;
  layout?: Layout;
  nan?: 'propagate' | 'ignore';
}

export type Bytes = Uint8Array | Uint8ClampedArray | Int8Array;

/** ImageData, or the like with 1 to 4 values a pixel, bytes or floats. */
export interface Picture<T = Uint8Array | Uint8ClampedArray | Float32Array> {
  readonly data: T;
  readonly width: number;
  readonly height: number;
}

export interface Filter3x3Options {
  /** Values a pixel; data.length / (width * height) if it is left out. */
  channels?: number;
  /** Of 2 or 4 channels, leave the last one as it is: true if it is left out. */
  keepAlpha?: boolean;
  /** What lies outside the image; numbers stand for themselves, one for each channel. */
  border?: Border | number | readonly number[];
  /** The result is scale * sum + delta, or the magnitude of that. */
  scale?: number;
  delta?: number;
  absolute?: boolean;
  /** 'max': half as wide and high, each pixel the largest of four. */
  pool?: 'none' | 'max';
  /** Of the result; the image's if it is left out. */
  type?: 'u8' | 's16' | 'f32';
}

export interface Ninetap {
  readonly version: string;
  /** So many zeros, or a copy of these numbers. */
  tensor(lengthOrValues: number | Floats): Tensor;
  /** weights: oc * (ic / groups) * 9; bias: oc. */
  conv3x3(options: Conv3x3Options, weights: Floats | Tensor, bias?: Floats | Tensor | null): Conv3x3;
  /** weights: [out][in]; bias: out. */
  dense(options: DenseOptions, weights: Floats | Tensor, bias?: Floats | Tensor | null): Dense;
  maxPool2x2<T extends Float32Array | Bytes>(src: T, options: Pool2x2Options, dst?: T): T;
  maxPool2x2(src: Tensor, options: Pool2x2Options, dst?: undefined): Float32Array;
  maxPool2x2<T extends Float32Array | Tensor>(src: Float32Array | Tensor, options: Pool2x2Options, dst: T): T;
  avgPool2x2<T extends Float32Array | Bytes>(src: T, options: Pool2x2Options, dst?: T): T;
  avgPool2x2(src: Tensor, options: Pool2x2Options, dst?: undefined): Float32Array;
  avgPool2x2<T extends Float32Array | Tensor>(src: Float32Array | Tensor, options: Pool2x2Options, dst: T): T;
  /** Of each of `rows` rows; one if it is left out. */
  softmax(src: Floats | Tensor, options?: { rows?: number }, dst?: undefined): Float32Array;
  softmax<T extends Float32Array | Tensor>(src: Floats | Tensor, options: { rows?: number }, dst: T): T;
  /** kernel: nine numbers, row by row, as seen on the picture (a cross-correlation). */
  filter3x3(image: ImageData, kernel: Floats, options?: Filter3x3Options & { type?: undefined }): ImageData;
  filter3x3(image: Picture, kernel: Floats, options?: Filter3x3Options): Picture<any>;
  /** The magnitude of both kernels' sums: |x| + |y|, or for 'l2' the root of the squares' sum. */
  gradient3x3(
    image: ImageData,
    kx: Floats,
    ky: Floats,
    options?: Filter3x3Options & { type?: undefined; norm?: 'l1' | 'l2' },
  ): ImageData;
  gradient3x3(
    image: Picture,
    kx: Floats,
    ky: Floats,
    options?: Filter3x3Options & { norm?: 'l1' | 'l2' },
  ): Picture<any>;
}

/**
 * The library, with a memory of its own. Without an argument its module comes from beside index.js.
 */
export function load(
  source?: string | URL | Response | BufferSource | WebAssembly.Module | Promise<Response | BufferSource>,
): Promise<Ninetap>;
