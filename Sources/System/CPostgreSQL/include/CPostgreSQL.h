/* libpq, opened with dlopen on first use: linking it would add 4 ms to every start of the program, and most never
   need it. Each function is libpq's of the same name without the prefix `C`. `CPQload` must have answered null before
   any other is called. */
#pragma once
#include <postgresql/libpq-fe.h>

/* Opens the library, once. Null, or why it cannot be used (a static text). Any thread. */
const char *CPQload(void);
int CPQlibVersion(void);

/* `conninfo` is a URL or a list of settings; `settings` and `values` end with null and are used where it says nothing.
   Null if out of memory. The message of a server that refuses has the standard's code in it: `FATAL:  57P03: …`. */
PGconn *CPQconnect(const char *conninfo, const char *const *settings, const char *const *values, int seconds);
void CPQfinish(PGconn *connection);
ConnStatusType CPQstatus(const PGconn *connection);
const char *CPQerrorMessage(const PGconn *connection);
int CPQserverVersion(const PGconn *connection);
PGTransactionStatusType CPQtransactionStatus(const PGconn *connection);

/* Null if `conninfo` is well formed, else why not, to be given to free. `host`, `port` and `database` get copies of
   what it says, to be given to free; null for nothing. */
char *CPQparse(const char *conninfo, char **host, char **port, char **database, char **user);

PGresult *CPQexec(PGconn *connection, const char *sql);
PGresult *CPQprepare(PGconn *connection, const char *name, const char *sql);
PGresult *CPQexecPrepared(PGconn *connection, const char *name, int count, const char *const *values,
                          const int *lengths, const int *formats);
PGresult *CPQexecParams(PGconn *connection, const char *sql, int count, const char *const *values, const int *lengths,
                        const int *formats);

void CPQclear(PGresult *result);
ExecStatusType CPQresultStatus(const PGresult *result);
/* The five letters of the SQL standard's code of an error; null if there is none. */
const char *CPQresultState(const PGresult *result);
const char *CPQresultMessage(const PGresult *result);
int CPQntuples(const PGresult *result);
unsigned CPQftype(const PGresult *result, int column);
int CPQgetisnull(const PGresult *result, int row, int column);
int CPQgetlength(const PGresult *result, int row, int column);
const char *CPQgetvalue(const PGresult *result, int row, int column);
/* How many rows a statement changed, as text; empty for none. */
const char *CPQcmdTuples(PGresult *result);
