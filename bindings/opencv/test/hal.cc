// The HAL's functions, called as OpenCV calls them, give the bytes of OpenCV without them.
#include <cstdio>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "ninetap_hal.hpp"

namespace {

int failures = 0;

void expect(bool ok, const char *what) {
    if (!ok) {
        std::printf("wrong: %s\n", what);
        failures++;
    }
}

bool same(const cv::Mat &a, const cv::Mat &b) {
    return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

int run_filter(const cv::Mat &src, cv::Mat &dst, cv::Mat &kernel) {
    cvhalFilter2D *context = nullptr;
    const int made = cv_hal_filterInit(&context, kernel.data, kernel.step, kernel.type(),
                                       kernel.cols, kernel.rows, src.cols, src.rows, src.type(),
                                       dst.type(), cv::BORDER_REFLECT_101, 0, 1, 1, false, false);
    if (made != CV_HAL_ERROR_OK) {
        return made;
    }
    const int done = cv_hal_filter(context, src.data, src.step, dst.data, dst.step, src.cols,
                                   src.rows, src.cols, src.rows, 0, 0);
    expect(cv_hal_filterFree(context) == CV_HAL_ERROR_OK, "filterFree");
    return done;
}

} // namespace

int main() {
    cv::Mat src(77, 131, CV_8UC3);
    cv::RNG(1).fill(src, cv::RNG::UNIFORM, 0, 256);
    cv::Mat edge = (cv::Mat_<float>(3, 3) << -1, -1, -1, -1, 8, -1, -1, -1, -1), wanted;
    cv::Mat got(src.size(), CV_8UC3);
    cv::filter2D(src, wanted, CV_8U, edge);
    expect(run_filter(src, got, edge) == CV_HAL_ERROR_OK && same(got, wanted), "filter");

    cv::Mat ninths(3, 3, CV_32F, cv::Scalar(1 / 9.F)), five = cv::Mat::ones(5, 5, CV_32F);
    expect(run_filter(src, got, ninths) == CV_HAL_ERROR_NOT_IMPLEMENTED, "ninths are refused");
    expect(run_filter(src, got, five) == CV_HAL_ERROR_NOT_IMPLEMENTED, "5x5 is refused");

    float x[3] = {-1, 0, 1}, y[3] = {1, 2, 1};
    cv::Mat sobel(src.size(), CV_16SC3);
    cv::Sobel(src, wanted, CV_16S, 1, 0);
    cvhalFilter2D *context = nullptr;
    expect(cv_hal_sepFilterInit(&context, src.type(), sobel.type(), CV_32F,
                                reinterpret_cast<uchar *>(x), 3, reinterpret_cast<uchar *>(y), 3, 1,
                                1, 0, cv::BORDER_REFLECT_101) == CV_HAL_ERROR_OK,
           "sepFilterInit");
    expect(cv_hal_sepFilter(context, src.data, src.step, sobel.data, sobel.step, src.cols, src.rows,
                            src.cols, src.rows, 0, 0) == CV_HAL_ERROR_OK &&
               same(sobel, wanted),
           "sepFilter");
    expect(cv_hal_sepFilterFree(context) == CV_HAL_ERROR_OK, "sepFilterFree");
    std::printf(failures == 0 ? "right\n" : "%d wrong\n", failures);
    return failures != 0;
}
