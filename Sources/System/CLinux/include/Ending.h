/* How this process ends: a signal that would kill it, or a call of exit. Somebody is told before, and has a little time.

   A signal handler may call almost nothing. Ours stores the signal's number, wakes a thread that waits in
   `ending_wait`, and sleeps until that thread calls `ending_done` or the time is over; then the signal kills the process
   as it would have. The thread that crashed may hold any lock, so the one that was woken must be ready to give up. */
#pragma once
#include <stdint.h>

/* Installs the handlers: for crashes (SEGV, BUS, ILL, FPE, ABRT, TRAP, SYS) always; for TERM, INT, HUP, QUIT only where
   nothing was installed before, so that a program's own way of stopping stays. Answers 0, or an error number. */
int ending_watch(int64_t patience_ms);
/* Waits. Answers the signal (above 0), or -1 - status when the process calls exit. */
int ending_wait(void);
/* What had to be done is done. */
void ending_done(void);
