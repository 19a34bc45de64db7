"""The structs of include/ninetap.h, field by field (tests/test_layout.py holds them to it)."""
from ctypes import (POINTER, Structure, c_char, c_char_p, c_double, c_float, c_int, c_int32,
                    c_int64, c_size_t)


class Quantization(Structure):
    _fields_ = [
        ('src_scale', c_float), ('src_zero', c_int32),
        ('weights_scale', POINTER(c_float)), ('weights_scales', c_int64),
        ('dst_scale', c_float), ('dst_zero', c_int32),
    ]


class Conv3x3(Structure):
    _fields_ = [
        ('n', c_int64), ('ic', c_int64), ('ih', c_int64), ('iw', c_int64), ('oc', c_int64),
        ('pad', c_int * 4), ('stride', c_int), ('dilation', c_int), ('groups', c_int64),
        ('layout', c_int), ('weights_layout', c_int),
        ('border', c_int), ('border_value', c_float),
        ('act', c_int), ('act_lo', c_float), ('act_hi', c_float), ('act_slope', c_float),
        ('pool', c_int), ('algo', c_int), ('precision', c_int),
        ('isa', c_char_p), ('threads', c_int),
        ('src_pitch', c_int64 * 3), ('dst_pitch', c_int64 * 3),
        ('src_type', c_int), ('weights_type', c_int), ('dst_type', c_int),
        ('quantization', POINTER(Quantization)), ('reserved', c_int64 * 8),
    ]


class PlanInfo(Structure):
    _fields_ = [
        ('algorithm', c_char_p), ('kernel', c_char_p), ('isa', c_char_p), ('reason', c_char_p),
        ('macs', c_int64), ('packed_bytes', c_size_t), ('workspace_bytes', c_size_t),
        ('error_bound', c_double), ('error_floor', c_double), ('headroom', c_double),
    ]


class Pool2x2(Structure):
    _fields_ = [
        ('n', c_int64), ('c', c_int64), ('ih', c_int64), ('iw', c_int64),
        ('stride', c_int), ('pad', c_int * 4), ('dilation', c_int), ('ceil_mode', c_int),
        ('layout', c_int), ('nan', c_int), ('isa', c_char_p), ('threads', c_int),
        ('src_pitch', c_int64 * 3), ('dst_pitch', c_int64 * 3), ('reserved', c_int64 * 8),
    ]


class Filter3x3(Structure):
    _fields_ = [
        ('n', c_int64), ('ih', c_int64), ('iw', c_int64),
        ('channels', c_int), ('keep_alpha', c_int), ('src_type', c_int), ('dst_type', c_int),
        ('border', c_int), ('border_value', c_float * 4), ('margin', c_int * 4),
        ('scale', c_float), ('delta', c_float), ('absolute', c_int),
        ('pool', c_int), ('isa', c_char_p), ('threads', c_int),
        ('src_pitch', c_int64 * 2), ('dst_pitch', c_int64 * 2), ('reserved', c_int64 * 8),
    ]


class Dense(Structure):
    _fields_ = [
        ('n', c_int64), ('in', c_int64), ('out', c_int64),
        ('act', c_int), ('act_lo', c_float), ('act_hi', c_float), ('act_slope', c_float),
        ('precision', c_int), ('isa', c_char_p), ('threads', c_int),
        ('src_pitch', c_int64), ('dst_pitch', c_int64),
        ('src_type', c_int), ('weights_type', c_int), ('dst_type', c_int),
        ('quantization', POINTER(Quantization)), ('reserved', c_int64 * 8),
    ]


class SelftestReport(Structure):
    _fields_ = [('cases', c_int64), ('failures', c_int64), ('first_failure', c_char * 256)]
