#define _GNU_SOURCE
#include "Guard.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The guard's own descriptors, after it has moved them; 0, 1 and 2 are /dev/null. */
enum { CONTROL = 3, OUTPUT = 4, ERROR = 5, FIRST_UNUSED = 6, ABOVE_ALL_OF_THEM = 64 };

enum phase {
    RUNNING,     /* until the leader ends, or `deadline`: the timeout */
    LINGERING,   /* the leader has ended by itself; the others have until `deadline` */
    TERMINATING, /* SIGTERM was sent; all have until `deadline` */
    KILLING,     /* until none is left */
};

/* One command's processes. */
struct tree {
    pid_t leader;
    int leader_reaped;
    enum phase phase;
    int64_t deadline_ms; /* on the monotonic clock; -1: none */
    int64_t started_ns, killing_since_ms;
    int is_reported, is_control_open;
    struct guard_event end;
};

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t now_ms(void) { return now_ns() / 1000000; }

/* Finding our children in /proc */

struct directory_entry { /* linux_dirent64, which no header declares */
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t type;
    char name[];
};

/* Reads the parent and the group of a process from /proc/<pid>/stat: `pid (any name) state parent group …`. */
static int read_parent_and_group(int proc, const char *pid, pid_t *parent, pid_t *group) {
    char path[32], text[512];
    size_t length = strlen(pid);
    if (length > 16) return -1;
    memcpy(path, pid, length);
    memcpy(path + length, "/stat", 6);
    int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t count = read(fd, text, sizeof text - 1);
    close(fd);
    if (count <= 0) return -1;
    text[count] = 0;
    char *rest = strrchr(text, ')');
    if (!rest || strlen(rest) < 5) return -1;
    *parent = (pid_t)strtol(rest + 4, &rest, 10);
    *group = (pid_t)strtol(rest, 0, 10);
    return 0;
}

/* Signals each of our children, except those in `spared_group`. */
static void signal_children(int signal, pid_t spared_group) {
    _Alignas(struct directory_entry) char entries[16384];
    pid_t self = getpid();
    int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (proc < 0) return;
    long count;
    while ((count = syscall(SYS_getdents64, proc, entries, sizeof entries)) > 0) {
        for (long at = 0; at < count;) {
            struct directory_entry *entry = (struct directory_entry *)(entries + at);
            at += entry->length;
            pid_t parent, group;
            if (entry->name[0] < '1' || entry->name[0] > '9') continue;
            if (read_parent_and_group(proc, entry->name, &parent, &group)) continue;
            if (parent == self && group != spared_group) kill((pid_t)strtol(entry->name, 0, 10), signal);
        }
    }
    close(proc);
}

/* The leader */

/* What the leader could not do, written by it into our memory, which it shares until it executes the program. */
struct start_failure {
    volatile int32_t step, error;
};

static void become_command(const struct guard_request *request, pid_t guard, struct start_failure *failure) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != guard) return;
    failure->step = GUARD_STEP_DIRECTORY;
    if (chdir(request->directory)) return;
    failure->step = GUARD_STEP_EXECUTE;
    if (dup2(OUTPUT, 1) < 0 || dup2(ERROR, 2) < 0) return;
    closefrom(3);
    /* By the kernel's call: glibc's refuses its own signals 32 and 33, which may have come to us ignored. */
    static const char standard[64] = {0}; /* the kernel's structure, in which SIG_DFL is 0 and so is all else */
    for (int signal = 1; signal <= 64; signal++) syscall(SYS_rt_sigaction, signal, standard, 0, 8);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, 0);
    execve(request->path, request->argv, request->envp);
}

__attribute__((noinline)) static pid_t start_leader(const struct guard_request *request,
                                                    struct start_failure *failure) {
    pid_t guard = getpid();
    failure->step = GUARD_STEP_FORK;
    pid_t leader = vfork();
    if (leader == 0) {
        become_command(request, guard, failure);
        failure->error = errno ? errno : ECHILD;
        _exit(127);
    }
    if (leader < 0) failure->error = errno;
    return leader;
}

/* The guard's loop */

static void report(struct tree *tree, int survivors) {
    if (tree->is_reported) return;
    tree->is_reported = 1;
    tree->end.kind = GUARD_ENDED;
    tree->end.survivors = survivors;
    if (!tree->leader_reaped) {
        tree->end.wall_ns = now_ns() - tree->started_ns;
        tree->end.signal = SIGKILL;
        tree->end.code = 128 + SIGKILL;
    }
    send(CONTROL, &tree->end, sizeof tree->end, MSG_NOSIGNAL);
}

static void begin_killing(struct tree *tree) {
    tree->phase = KILLING;
    tree->killing_since_ms = now_ms();
    /* While the leader is not reaped its id is taken, so this group is ours. One call for all, which no fork outruns. */
    if (!tree->leader_reaped) kill(-tree->leader, SIGKILL);
}

static void begin_terminating(struct tree *tree, int64_t grace_ms) {
    int64_t deadline = now_ms() + grace_ms;
    if (tree->phase == KILLING) return;
    if (grace_ms <= 0) {
        begin_killing(tree);
    } else if (tree->phase == TERMINATING) {
        if (deadline < tree->deadline_ms) tree->deadline_ms = deadline;
    } else {
        tree->phase = TERMINATING;
        tree->deadline_ms = deadline;
        if (!tree->leader_reaped) kill(-tree->leader, SIGTERM);
        signal_children(SIGTERM, tree->leader_reaped ? 0 : tree->leader);
    }
}

static int64_t microseconds(struct timeval t) { return (int64_t)t.tv_sec * 1000000 + t.tv_usec; }

static void leader_ended(struct tree *tree, int status, const struct guard_request *request) {
    tree->leader_reaped = 1;
    tree->end.wall_ns = now_ns() - tree->started_ns;
    tree->end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    tree->end.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + tree->end.signal;
    if (tree->phase == RUNNING) {
        tree->phase = LINGERING;
        tree->deadline_ms = now_ms() + request->linger_ms;
    } else if (tree->phase == TERMINATING) {
        signal_children(SIGTERM, tree->leader); /* those that had left the group, and now lost their parent */
    }
}

/* Reaps what has ended. Returns 0 when no process of the tree is left. */
static int reap(struct tree *tree, const struct guard_request *request) {
    int status;
    struct rusage usage;
    pid_t pid;
    while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
        tree->end.user_us += microseconds(usage.ru_utime);
        tree->end.system_us += microseconds(usage.ru_stime);
        if (usage.ru_maxrss > tree->end.max_rss_kib) tree->end.max_rss_kib = usage.ru_maxrss;
        if (pid == tree->leader) leader_ended(tree, status, request);
    }
    return pid == 0;
}

static void wait_for_something(struct tree *tree, int child_signals, int64_t limit_ms) {
    struct pollfd fds[2] = {
        {.fd = child_signals, .events = POLLIN},
        {.fd = tree->is_control_open ? CONTROL : -1, .events = POLLIN},
    };
    if (limit_ms > 60000) limit_ms = 60000;
    if (child_signals < 0) limit_ms = 20; /* the kernel had no memory for it: look often instead */
    if (poll(fds, 2, (int)limit_ms) <= 0) return;
    if (fds[0].revents) {
        struct signalfd_siginfo ignored;
        if (read(child_signals, &ignored, sizeof ignored) < 0) return;
    }
    if (fds[1].revents) {
        struct guard_order order;
        if (recv(CONTROL, &order, sizeof order, 0) == sizeof order) {
            begin_terminating(tree, order.grace_ms);
        } else { /* repro is gone */
            tree->is_control_open = 0;
            if (tree->phase != KILLING) begin_killing(tree);
        }
    }
}

static void watch(struct tree *tree, const struct guard_request *request, int child_signals) {
    int64_t pause_ms = 1;
    while (reap(tree, request)) {
        int64_t now = now_ms(), limit_ms = tree->deadline_ms < 0 ? -1 : tree->deadline_ms - now;
        if (tree->phase == KILLING) {
            if (now - tree->killing_since_ms >= request->kill_limit_ms) report(tree, 1);
            signal_children(SIGKILL, 0);
            limit_ms = pause_ms;
            if (pause_ms < 64) pause_ms *= 2;
        } else if (tree->deadline_ms >= 0 && limit_ms <= 0) {
            if (tree->phase == RUNNING) {
                tree->end.timed_out = 1;
                begin_terminating(tree, request->grace_ms);
            } else {
                begin_killing(tree);
            }
            continue;
        }
        wait_for_something(tree, child_signals, limit_ms);
    }
    report(tree, 0);
}

/* Keeps the three descriptors and nothing else of what repro has open. */
static void move_descriptors(int control, int output, int error) {
    control = fcntl(control, F_DUPFD_CLOEXEC, ABOVE_ALL_OF_THEM);
    output = fcntl(output, F_DUPFD_CLOEXEC, ABOVE_ALL_OF_THEM);
    error = fcntl(error, F_DUPFD_CLOEXEC, ABOVE_ALL_OF_THEM);
    int null = open("/dev/null", O_RDWR);
    if (control < 0 || output < 0 || error < 0 || null < 0) _exit(127);
    for (int fd = 0; fd < 3; fd++) dup2(null, fd);
    dup2(control, CONTROL);
    dup2(output, OUTPUT);
    dup2(error, ERROR);
    closefrom(FIRST_UNUSED);
}

/* What a guard is started with; owned by the thread that waits for the guard. */
struct guard_start {
    struct guard_request request; /* its strings are the caller's, and valid only until the first event is sent */
    int control, output, error;
};

static int be_guard(void *argument) {
    const struct guard_start *start = argument;
    const struct guard_request *request = &start->request;
    setpgid(0, 0); /* a kill of repro's group, such as Ctrl-C, is not for the guard */
    prctl(PR_SET_NAME, "stage-guard", 0, 0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    move_descriptors(start->control, start->output, start->error);
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigaction(SIGCHLD, &standard, 0);
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    int child_signals = signalfd(-1, &child, SFD_CLOEXEC);

    struct tree tree = {.deadline_ms = -1, .is_control_open = 1, .started_ns = now_ns()};
    struct start_failure failure = {0, 0};
    tree.leader = start_leader(request, &failure);
    close(OUTPUT); /* else the end of the output would never be seen */
    close(ERROR);
    struct guard_event started = {.kind = failure.error ? GUARD_FAILED : GUARD_STARTED,
                                  .leader = tree.leader, .failed_step = failure.step, .error = failure.error};
    send(CONTROL, &started, sizeof started, MSG_NOSIGNAL);
    if (failure.error) _exit(127);
    if (request->timeout_ms >= 0) tree.deadline_ms = now_ms() + request->timeout_ms;
    watch(&tree, request, child_signals);
    _exit(0);
}

/* The starter's side */

enum { GUARD_STACK_BYTES = 128 * 1024, WAITER_STACK_BYTES = GUARD_STACK_BYTES + 128 * 1024 };

/* The thread that starts a guard and waits for its end.

   The guard is a process of its own (own descriptors, signals, children), but borrows our memory instead of copying it:
   fork costs 1 ms per 16 MiB that we hold, this costs nothing. It also borrows this thread's thread-local storage, that
   is, errno: so this thread does nothing while the guard lives but wait for it in the kernel, with all signals blocked.
   (vfork would do the same, but a thread that waits in vfork cannot be stopped: Ctrl-Z would hang the terminal.) */
static void *wait_for_guard(void *argument) {
    struct guard_start *start = argument;
    _Alignas(16) char stack[GUARD_STACK_BYTES];
    pid_t guard = clone(be_guard, stack + sizeof stack, CLONE_VM | SIGCHLD, start);
    if (guard < 0) {
        struct guard_event failed = {.kind = GUARD_FAILED, .failed_step = GUARD_STEP_FORK, .error = errno};
        send(start->control, &failed, sizeof failed, MSG_NOSIGNAL);
    }
    /* System calls by number, because the functions of these names touch thread-local storage. */
    syscall(SYS_close, start->control);
    syscall(SYS_close, start->output);
    syscall(SYS_close, start->error);
    if (guard > 0) syscall(SYS_wait4, guard, 0, 0, 0);
    free(start);
    return 0;
}

static int start_waiting_thread(struct guard_start *start) {
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;
    int rc = pthread_attr_init(&attributes);
    if (rc) return rc;
    pthread_attr_setstacksize(&attributes, WAITER_STACK_BYTES);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before); /* the thread and the guard inherit it */
    rc = pthread_create(&thread, &attributes, wait_for_guard, start);
    pthread_sigmask(SIG_SETMASK, &before, 0);
    pthread_attr_destroy(&attributes);
    return rc;
}

static void close_both(int pair[2]) {
    if (pair[0] >= 0) close(pair[0]);
    if (pair[1] >= 0) close(pair[1]);
}

int guard_start(const struct guard_request *request, struct guard_handle *handle, struct guard_event *first) {
    int control[2] = {-1, -1}, output[2] = {-1, -1}, error[2] = {-1, -1};
    int rc = 0;
    struct guard_start *start = malloc(sizeof *start);
    if (!start || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) || pipe2(output, O_CLOEXEC) ||
        pipe2(error, O_CLOEXEC) || fcntl(output[0], F_SETFL, O_NONBLOCK) || fcntl(error[0], F_SETFL, O_NONBLOCK)) {
        rc = errno;
    } else {
        *start = (struct guard_start){
            .request = *request, .control = control[1], .output = output[1], .error = error[1]};
        rc = start_waiting_thread(start);
    }
    if (rc) {
        free(start);
        close_both(control);
        close_both(output);
        close_both(error);
        return rc;
    }
    *handle = (struct guard_handle){.control = control[0], .output = output[0], .error = error[0]};
    if (guard_receive(handle->control, first) != 1) *first = (struct guard_event){0};
    return 0;
}

int guard_receive(int control, struct guard_event *event) {
    ssize_t count;
    while ((count = recv(control, event, sizeof *event, 0)) < 0 && errno == EINTR) {
    }
    if (count < 0) return errno == ECONNRESET ? 0 : -1;
    return count == sizeof *event;
}

int guard_send(int control, struct guard_order order) {
    return send(control, &order, sizeof order, MSG_NOSIGNAL) == sizeof order ? 0 : -1;
}
