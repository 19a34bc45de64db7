/* A region of another compiler's OpenMP runtime, as a library of its own (two_runtimes.c). */
void other_region(int threads, void (*body)(void *), void *argument);

void other_region(int threads, void (*body)(void *), void *argument) {
#pragma omp parallel num_threads(threads)
    body(argument);
}
