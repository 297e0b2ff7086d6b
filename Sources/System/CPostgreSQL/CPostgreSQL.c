#include "CPostgreSQL.h"

#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SYMBOLS(X) \
    X(PQlibVersion) X(PQconnectdbParams) X(PQconnectStartParams) X(PQconnectPoll) X(PQsocket) \
    X(PQsetErrorVerbosity) X(PQfinish) X(PQstatus) X(PQerrorMessage) X(PQserverVersion) \
    X(PQtransactionStatus) X(PQconninfoParse) X(PQconninfoFree) X(PQfreemem) X(PQexec) X(PQprepare) \
    X(PQexecPrepared) X(PQexecParams) X(PQclear) X(PQresultStatus) X(PQresultErrorField) X(PQresultErrorMessage) \
    X(PQntuples) X(PQftype) X(PQgetisnull) X(PQgetlength) X(PQgetvalue) X(PQcmdTuples)

#define DECLARE(name) static __typeof__(name) *p_##name;
SYMBOLS(DECLARE)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;

static void load(void) {
    void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        failure = "libpq.so.5 is not installed";
        return;
    }
#define RESOLVE(name) \
    p_##name = (__typeof__(name) *)dlsym(library, #name); \
    if (!p_##name) { \
        failure = "libpq.so.5 is too old: it has no " #name; \
        return; \
    }
    SYMBOLS(RESOLVE)
}

const char *CPQload(void) {
    pthread_once(&once, load);
    return failure;
}

int CPQlibVersion(void) { return p_PQlibVersion(); }

static long long milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Goes on until it is connected, refused, or late. */
static void complete(PGconn *connection, int seconds) {
    long long end = milliseconds() + seconds * 1000LL;
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
        long long rest = end - milliseconds();
        if (rest <= 0) return;
        struct pollfd socket = {p_PQsocket(connection), state == PGRES_POLLING_READING ? POLLIN : POLLOUT, 0};
        /* Interrupted, it is asked again. */
        if (poll(&socket, 1, (int)rest) > 0) state = p_PQconnectPoll(connection);
    }
}

PGconn *CPQconnect(const char *conninfo, const char *const *settings, const char *const *values, int seconds) {
    const char *names[32] = {0};
    const char *texts[32] = {0};
    int count = 0;
    /* What comes later wins: the address is last, and is expanded because it is called dbname. */
    for (; settings[count] && count < 30; count++) {
        names[count] = settings[count];
        texts[count] = values[count];
    }
    names[count] = "dbname";
    texts[count] = conninfo;
    /* Only libpq itself can go from a host that is silent to the next of a list. */
    if (strchr(conninfo, ',')) return p_PQconnectdbParams(names, texts, 1);
    PGconn *connection = p_PQconnectStartParams(names, texts, 1);
    if (!connection || p_PQstatus(connection) == CONNECTION_BAD) return connection;
    p_PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
    complete(connection, seconds);
    p_PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
    return connection;
}

void CPQfinish(PGconn *connection) { p_PQfinish(connection); }
ConnStatusType CPQstatus(const PGconn *connection) { return p_PQstatus(connection); }
const char *CPQerrorMessage(const PGconn *connection) { return p_PQerrorMessage(connection); }
int CPQserverVersion(const PGconn *connection) { return p_PQserverVersion(connection); }
PGTransactionStatusType CPQtransactionStatus(const PGconn *connection) { return p_PQtransactionStatus(connection); }

char *CPQparse(const char *conninfo, char **host, char **port, char **database, char **user) {
    *host = *port = *database = *user = NULL;
    char *problem = NULL;
    PQconninfoOption *options = p_PQconninfoParse(conninfo, &problem);
    if (!options) {
        char *copy = strdup(problem ? problem : "out of memory");
        if (problem) p_PQfreemem(problem);
        return copy;
    }
    for (PQconninfoOption *each = options; each->keyword; each++) {
        if (!each->val) continue;
        if (strcmp(each->keyword, "host") == 0) *host = strdup(each->val);
        if (strcmp(each->keyword, "port") == 0) *port = strdup(each->val);
        if (strcmp(each->keyword, "dbname") == 0) *database = strdup(each->val);
        if (strcmp(each->keyword, "user") == 0) *user = strdup(each->val);
    }
    p_PQconninfoFree(options);
    return NULL;
}

PGresult *CPQexec(PGconn *connection, const char *sql) { return p_PQexec(connection, sql); }
PGresult *CPQprepare(PGconn *connection, const char *name, const char *sql) {
    return p_PQprepare(connection, name, sql, 0, NULL);
}
PGresult *CPQexecPrepared(PGconn *connection, const char *name, int count, const char *const *values,
                          const int *lengths, const int *formats) {
    return p_PQexecPrepared(connection, name, count, values, lengths, formats, 1);
}
PGresult *CPQexecParams(PGconn *connection, const char *sql, int count, const char *const *values, const int *lengths,
                        const int *formats) {
    return p_PQexecParams(connection, sql, count, NULL, values, lengths, formats, 1);
}

void CPQclear(PGresult *result) { p_PQclear(result); }
ExecStatusType CPQresultStatus(const PGresult *result) { return p_PQresultStatus(result); }
const char *CPQresultState(const PGresult *result) { return p_PQresultErrorField(result, PG_DIAG_SQLSTATE); }
const char *CPQresultMessage(const PGresult *result) {
    const char *primary = p_PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    return primary ? primary : p_PQresultErrorMessage(result);
}
int CPQntuples(const PGresult *result) { return p_PQntuples(result); }
unsigned CPQftype(const PGresult *result, int column) { return p_PQftype(result, column); }
int CPQgetisnull(const PGresult *result, int row, int column) { return p_PQgetisnull(result, row, column); }
int CPQgetlength(const PGresult *result, int row, int column) { return p_PQgetlength(result, row, column); }
const char *CPQgetvalue(const PGresult *result, int row, int column) { return p_PQgetvalue(result, row, column); }
const char *CPQcmdTuples(PGresult *result) { return p_PQcmdTuples(result); }
