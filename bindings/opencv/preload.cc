// LD_PRELOAD=libninetap_opencv.so PROGRAM: filters of 3x3 in a program that uses OpenCV 4 are
// ninetap's, without a rebuild. cv::filter2D, Laplacian, Sobel, Scharr, sepFilter2D and
// GaussianBlur of floats call the two functions below in libopencv_imgproc through its table of
// symbols, so that those of a library loaded earlier come first. What ninetap does not do goes on
// to OpenCV's own.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE // RTLD_NEXT
#endif
#define CVAPI_EXPORTS // what OpenCV declares is seen from outside
#include <dlfcn.h>

#include <atomic>
#include <cstdio>

#include <opencv2/imgproc/hal/hal.hpp>

#include "filter.hpp"

namespace {

// How many calls were ninetap's; said at the end with NINETAP_VERBOSE.
class Share {
  public:
    bool count(bool ours) {
        (ours ? ours_ : others_).fetch_add(1, std::memory_order_relaxed);
        return ours;
    }
    ~Share() {
        const char *verbose = std::getenv("NINETAP_VERBOSE");
        if (verbose != nullptr && *verbose != '\0' && *verbose != '0') {
            const unsigned long ours = ours_, all = ours + others_;
            std::fprintf(stderr, "ninetap: OpenCV: %lu of %lu filters\n", ours, all);
        }
    }

  private:
    std::atomic<unsigned long> ours_{0}, others_{0};
};
Share share;

// The function of this name in the libraries after this one.
template <typename Function> Function *next(Function *own) {
    Dl_info info;
    void *found = nullptr;
    if (dladdr(reinterpret_cast<void *>(own), &info) != 0 && info.dli_sname != nullptr) {
        found = dlsym(RTLD_NEXT, info.dli_sname);
    }
    if (found == nullptr) {
        CV_Error(cv::Error::StsNotImplemented, "libninetap_opencv: no OpenCV behind it");
    }
    return reinterpret_cast<Function *>(found);
}

} // namespace

void cv::hal::filter2D(int stype, int dtype, int kernel_type, uchar *src_data, size_t src_step,
                       uchar *dst_data, size_t dst_step, int width, int height, int full_width,
                       int full_height, int offset_x, int offset_y, uchar *kernel_data,
                       size_t kernel_step, int kernel_width, int kernel_height, int anchor_x,
                       int anchor_y, double delta, int borderType, bool isSubmatrix) {
    ninetap_opencv::Filter filter;
    if (share.count(filter.set_kernel(kernel_data, kernel_step, kernel_type, kernel_width,
                                      kernel_height, anchor_x, anchor_y) &&
                    filter.set(stype, dtype, delta, borderType) &&
                    filter.run({src_data, src_step, dst_data, dst_step, width, height, full_width,
                                full_height, offset_x, offset_y}))) {
        return;
    }
    static auto *const opencv = next(cv::hal::filter2D);
    opencv(stype, dtype, kernel_type, src_data, src_step, dst_data, dst_step, width, height,
           full_width, full_height, offset_x, offset_y, kernel_data, kernel_step, kernel_width,
           kernel_height, anchor_x, anchor_y, delta, borderType, isSubmatrix);
}

void cv::hal::sepFilter2D(int stype, int dtype, int ktype, uchar *src_data, size_t src_step,
                          uchar *dst_data, size_t dst_step, int width, int height, int full_width,
                          int full_height, int offset_x, int offset_y, uchar *kernelx_data,
                          int kernelx_len, uchar *kernely_data, int kernely_len, int anchor_x,
                          int anchor_y, double delta, int borderType) {
    ninetap_opencv::Filter filter;
    if (share.count(filter.set_kernel(kernelx_data, kernelx_len, kernely_data, kernely_len, ktype,
                                      anchor_x, anchor_y) &&
                    filter.set(stype, dtype, delta, borderType) &&
                    filter.run({src_data, src_step, dst_data, dst_step, width, height, full_width,
                                full_height, offset_x, offset_y}))) {
        return;
    }
    static auto *const opencv = next(cv::hal::sepFilter2D);
    opencv(stype, dtype, ktype, src_data, src_step, dst_data, dst_step, width, height, full_width,
           full_height, offset_x, offset_y, kernelx_data, kernelx_len, kernely_data, kernely_len,
           anchor_x, anchor_y, delta, borderType);
}
