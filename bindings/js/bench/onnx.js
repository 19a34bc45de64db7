// An ONNX model of one node, as the bytes of its protocol buffer (onnx.proto, opset 13).
import { Buffer } from 'node:buffer';

const FLOAT = 1;
const INTS = 7;
const INT = 2;

function varint(value) {
  const bytes = [];
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) {
    bytes.push((left & 127) | 128);
  }
  bytes.push(left);
  return Buffer.from(bytes);
}

const number = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);
const message = (field, ...parts) => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
};

export const ints = (name, values) =>
  message(5, message(1, name), ...values.map((value) => number(8, value)), number(20, INTS));
export const int = (name, value) => message(5, message(1, name), number(3, value), number(20, INT));

function port(field, name, shape) {
  const sizes = shape.map((size) => message(1, number(1, size)));
  const type = message(1, number(1, FLOAT), message(2, ...sizes));
  return message(field, message(1, name), message(2, type));
}

function constant({ name, shape, values }) {
  const sizes = shape.map((size) => number(1, size));
  const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return message(5, ...sizes, number(2, FLOAT), message(8, name), message(9, raw));
}

/** y = operation(x, constants...) */
export function model(operation, constants, attributes, from, to) {
  const inputs = ['x', ...constants.map(({ name }) => name)].map((name) => message(1, name));
  const node = message(1, ...inputs, message(2, 'y'), message(4, operation), ...attributes);
  const ports = [port(11, 'x', from), port(12, 'y', to)];
  const graph = message(7, node, message(2, 'graph'), ...constants.map(constant), ...ports);
  return Buffer.concat([number(1, 8), graph, message(8, number(2, 13))]);
}
