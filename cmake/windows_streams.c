/* Windows writes "\r\n" for "\n" into what it takes for text, and stdout may be a picture or be
 * compared with what another system wrote. MinGW-w64's start-up code also replaces a pattern on the
 * command line by the files that it fits; here patterns are of cases. */
#include <fcntl.h>
#include <io.h>
#include <stdio.h>

extern int _dowildcard;
int _dowildcard = 0;

extern int _fmode;

__attribute__((constructor)) static void set_binary(void) {
    _fmode = _O_BINARY;
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    _setmode(_fileno(stderr), _O_BINARY);
}
