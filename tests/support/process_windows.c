/* All tests run in one process. A fault that a test expects returns to the test; for any other the
 * case is printed. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>
#include <xmmintrin.h>

#include "process.h"
#include "suite.h"

bool process_is_child;

static jmp_buf way_back;
static DWORD expecting; /* the thread that expects a fault */

/* Runs in place of what faulted, on its stack: nothing of the exception is under way any more. */
static void go_back(void) {
    longjmp(way_back, 1);
}

static bool is_crash(DWORD code) {
    static const DWORD codes[] = {EXCEPTION_ACCESS_VIOLATION,
                                  EXCEPTION_IN_PAGE_ERROR,
                                  EXCEPTION_ILLEGAL_INSTRUCTION,
                                  EXCEPTION_STACK_OVERFLOW,
                                  EXCEPTION_FLT_OVERFLOW,
                                  EXCEPTION_FLT_DIVIDE_BY_ZERO,
                                  EXCEPTION_FLT_INVALID_OPERATION,
                                  EXCEPTION_INT_DIVIDE_BY_ZERO,
                                  0xC00002B4,
                                  0xC00002B5};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i] == code)
            return true;
    return false;
}

static LONG CALLBACK faulted(EXCEPTION_POINTERS *fault) {
    if (!is_crash(fault->ExceptionRecord->ExceptionCode))
        return EXCEPTION_CONTINUE_SEARCH;
    if (expecting == GetCurrentThreadId()) {
        CONTEXT *at = fault->ContextRecord;
        at->Rsp = ((at->Rsp - 256) & ~(DWORD64)15) - 8; /* as after a call */
        at->Rip = (DWORD64)(uintptr_t)go_back;
        at->MxCsr |= _MM_MASK_MASK;
        return EXCEPTION_CONTINUE_EXECUTION;
    }
    const char *text = suite_current_case();
    fprintf(stderr, "CRASHED: %lx\n%s", fault->ExceptionRecord->ExceptionCode,
            text != NULL ? text : "");
    fflush(NULL);
    TerminateProcess(GetCurrentProcess(), EXIT_FAILURE);
    return EXCEPTION_CONTINUE_SEARCH;
}

void process_catch_crashes(void) {
    static bool catches;
    if (!catches)
        AddVectoredExceptionHandler(1, faulted);
    catches = true;
}

bool suite_child(void (*body)(void *), void *argument, unsigned seconds) {
    (void)seconds;
    const unsigned control = _mm_getcsr();
    body(argument);
    _mm_setcsr(control);
    return true;
}

bool suite_child_dies(void (*body)(void *), void *argument) {
    const unsigned control = _mm_getcsr();
    expecting = GetCurrentThreadId();
    const bool died = setjmp(way_back) != 0;
    if (!died)
        body(argument);
    expecting = 0;
    _mm_setcsr(control);
    return died;
}

int suite_threads(void) {
    return 0;
}
