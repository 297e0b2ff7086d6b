/* A guard: a small process of ours between us and one command, so that nothing the command starts outlives it or us.

       repro ── guard ── leader (the command, in a process group of its own)
                  │        └─ its children, and theirs
                  └─ whatever lost its parent: the guard is a "child subreaper", so the kernel hands it every orphan
                     below it, also those that left the group or the session (setsid, double fork, emptied environment)

   Everything below the guard belongs to this command and to nothing else, so the tree is gone exactly when wait4 says
   that the guard has no child left. The guard kills only its own children (their process ids cannot be reused before
   it reaps them); grandchildren become its children when their parents die, and are killed in the next round.

   It holds one end of a socket. When the other end closes, by kill -9 of repro too, it kills the tree. (PR_SET_PDEATHSIG
   on the command alone would reach no grandchild, and fires when the *thread* that started it ends.) Should the guard
   itself be killed, the leader dies with it by PR_SET_PDEATHSIG.

   The guard is neither executed (a second start of our binary costs 3 ms) nor forked (1 ms for each 16 MiB that we
   hold), but cloned with shared memory, as posix_spawn does until the program starts: `wait_for_guard` says what that
   asks for. It makes system calls only: no malloc, no stdio, no Swift. Sharing memory has one price: should the kernel
   kill repro for lack of memory, it kills the guard, too, and then only the leader. */
#pragma once
#include <stdint.h>
#include <sys/types.h>

struct guard_request {
    const char *path;               /* the program: an absolute path */
    char *const *argv;
    char *const *envp;
    const char *directory;
    int64_t timeout_ms;             /* then as if told to stop; -1: never */
    int64_t grace_ms;               /* between SIGTERM and SIGKILL when the timeout has passed */
    int64_t linger_ms;              /* how long the leader's descendants may go on after it has ended */
    int64_t kill_limit_ms;          /* after this long of killing in vain, GUARD_ENDED is sent with survivors */
};

/* What the starter holds. Closing `control` kills the tree. */
struct guard_handle {
    int control;                    /* receives guard_event, sends guard_order; one whole message at a time */
    int output, error;              /* what the command writes; they do not block */
};

enum guard_event_kind { GUARD_STARTED = 1, GUARD_FAILED = 2, GUARD_ENDED = 3 };
enum guard_step { GUARD_STEP_FORK = 1, GUARD_STEP_DIRECTORY = 2, GUARD_STEP_EXECUTE = 3 };

struct guard_event {
    int32_t kind;
    int32_t leader;                 /* GUARD_STARTED: its process id, which is also its group's */
    int32_t failed_step, error;     /* GUARD_FAILED: a guard_step and an errno */
    /* GUARD_ENDED */
    int32_t code;                   /* of the leader: exit code, or 128 + the signal */
    int32_t signal;                 /* or 0 */
    int32_t timed_out;
    int32_t survivors;              /* some process cannot be killed; the guard goes on trying */
    int64_t wall_ns;                /* from start to the leader's end */
    int64_t user_us, system_us;     /* of the whole tree */
    int64_t max_rss_kib;            /* of its largest process */
};

/* SIGTERM to the command's processes now, SIGKILL after `grace_ms` to those still there; 0: SIGKILL at once. */
struct guard_order {
    int64_t grace_ms;
};

/* Starts a guard and, in it, the command: stdin from /dev/null, no other descriptor, default signals, none blocked.
   Returns 0 or an error number, with `*first` the first event: GUARD_STARTED, GUARD_FAILED, or kind 0 if the guard was
   killed at once. May be called from several threads. */
int guard_start(const struct guard_request *request, struct guard_handle *handle, struct guard_event *first);

/* The next event, waiting for it: 1; 0 when the guard is gone; -1 and errno. */
int guard_receive(int control, struct guard_event *event);
/* -1 if the guard is gone. */
int guard_send(int control, struct guard_order order);
