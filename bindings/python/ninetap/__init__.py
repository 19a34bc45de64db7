"""ninetap: 3x3 convolution, 2x2 pooling, dense layers and 3x3 image filters for CPUs.

Arrays are NumPy's, or anything on the CPU that has the buffer protocol, __array_interface__ or
DLPack, such as PyTorch's tensors; none is copied. Functions return a new NumPy array, or what was
given as `out`. Other threads of Python run during a call.
"""
from ._library import ArgumentError, Error, NoMemoryError, SizeError, UnsupportedError
from .conv import Conv3x3, PlanInfo, Quantization, conv3x3
from .dense import Dense, dense, softmax
from .dispatch import SelftestReport, isa, isas, selftest, set_isa, version
from .filter import filter3x3, gradient3x3
from .pool import avg_pool2x2, max_pool2x2, max_unpool2x2, mixed_pool2x2
from .quantize import choose_quantization, dequantize, quantize, value_range

__version__ = version()
__all__ = [
    'ArgumentError', 'Conv3x3', 'Dense', 'Error', 'NoMemoryError', 'PlanInfo', 'Quantization',
    'SelftestReport', 'SizeError', 'UnsupportedError', 'avg_pool2x2', 'choose_quantization',
    'conv3x3', 'dense', 'dequantize', 'filter3x3', 'gradient3x3', 'isa', 'isas', 'max_pool2x2',
    'max_unpool2x2', 'mixed_pool2x2', 'quantize', 'selftest', 'set_isa', 'softmax', 'value_range',
    'version',
]
