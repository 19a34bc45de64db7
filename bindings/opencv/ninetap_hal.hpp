// ninetap as a HAL of OpenCV 4, for those who build OpenCV themselves (docs/opencv.md).
// Filters of up to 3x3 are ninetap's; for all others these functions say that they are not
// implemented, and OpenCV's own follow.
#ifndef NINETAP_HAL_HPP
#define NINETAP_HAL_HPP

#include <new>

#include <opencv2/core/hal/interface.h>

#include "filter.hpp"

struct cvhalFilter2D;

namespace ninetap_opencv {

inline int keep(const Filter &filter, cvhalFilter2D **context) {
    auto *kept = new (std::nothrow) Filter(filter);
    *context = reinterpret_cast<cvhalFilter2D *>(kept);
    return kept == nullptr ? CV_HAL_ERROR_NOT_IMPLEMENTED : CV_HAL_ERROR_OK;
}

inline int filter_init(cvhalFilter2D **context, uchar *kernel, size_t step, int kernel_type,
                       int width, int height, int, int, int src_type, int dst_type, int border,
                       double delta, int anchor_x, int anchor_y, bool, bool) {
    Filter filter;
    return filter.set_kernel(kernel, step, kernel_type, width, height, anchor_x, anchor_y) &&
                   filter.set(src_type, dst_type, delta, border)
               ? keep(filter, context)
               : CV_HAL_ERROR_NOT_IMPLEMENTED;
}

inline int sep_filter_init(cvhalFilter2D **context, int src_type, int dst_type, int kernel_type,
                           uchar *x, int width, uchar *y, int height, int anchor_x, int anchor_y,
                           double delta, int border) {
    Filter filter;
    return filter.set_kernel(x, width, y, height, kernel_type, anchor_x, anchor_y) &&
                   filter.set(src_type, dst_type, delta, border)
               ? keep(filter, context)
               : CV_HAL_ERROR_NOT_IMPLEMENTED;
}

inline int filter(cvhalFilter2D *context, uchar *src, size_t src_step, uchar *dst, size_t dst_step,
                  int width, int height, int full_width, int full_height, int offset_x,
                  int offset_y) {
    return reinterpret_cast<const Filter *>(context)->run({src, src_step, dst, dst_step, width,
                                                           height, full_width, full_height,
                                                           offset_x, offset_y})
               ? CV_HAL_ERROR_OK
               : CV_HAL_ERROR_NOT_IMPLEMENTED;
}

inline int filter_free(cvhalFilter2D *context) {
    delete reinterpret_cast<Filter *>(context);
    return CV_HAL_ERROR_OK;
}

} // namespace ninetap_opencv

#undef cv_hal_filterInit
#undef cv_hal_filter
#undef cv_hal_filterFree
#undef cv_hal_sepFilterInit
#undef cv_hal_sepFilter
#undef cv_hal_sepFilterFree
#define cv_hal_filterInit ninetap_opencv::filter_init
#define cv_hal_filter ninetap_opencv::filter
#define cv_hal_filterFree ninetap_opencv::filter_free
#define cv_hal_sepFilterInit ninetap_opencv::sep_filter_init
#define cv_hal_sepFilter ninetap_opencv::filter
#define cv_hal_sepFilterFree ninetap_opencv::filter_free

#endif
