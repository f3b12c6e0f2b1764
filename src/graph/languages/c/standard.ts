/** Headers of C and of POSIX. Sources: en.cppreference.com/w/c/header, pubs.opengroup.org/onlinepubs/9799919799. */
const headers = new Set(
  `assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg stdatomic stdbit
  stdbool stdckdint stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype
  aio cpio devctl dirent dlfcn endian fcntl fmtmsg fnmatch ftw glob grp iconv langinfo libgen libintl monetary mqueue ndbm
  netdb nl_types poll pthread pwd regex sched search semaphore spawn strings stropts syslog tar termios trace ulimit
  unistd utime utmpx wordexp
  alloca execinfo features getopt malloc memory paths pty resolv stdio_ext sysexits ucontext utmp values
  windows winsock winsock2 ws2tcpip io direct process conio crtdbg dbghelp psapi shlobj tchar winbase winerror`
    .split(/\s+/)
    .map((name) => `${name}.h`),
)
/** Directories of the system. */
const directories = /^(?:sys|net|netinet|arpa|linux|asm|asm-generic|bits|mach|machine|libkern|rpc)\//

/** Headers of C++ have no extension. */
export function isStandardHeader(path: string): boolean {
  return headers.has(path) || directories.test(path) || /^[a-z_\d]+$/.test(path)
}
