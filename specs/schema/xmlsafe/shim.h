/* The one crossing from Go to libxml2: parse, pack the tree, validate.
   Everything that Go reads lies in the xs_run and is freed with it. */
#ifndef XMLSAFE_SHIM_H
#define XMLSAFE_SHIM_H
#include <stdint.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlschemas.h>

#define XS_ELEMENT 1
#define XS_ATTRIBUTE 2

/* One element or attribute. Offsets point into the pool of the run. Records are
   in document order, the attributes of an element directly behind it. */
typedef struct {
    int32_t kind, parent; /* parent: index of the record, -1 at the root */
    int32_t name, nameLen;
    int32_t value, valueLen;
    int32_t space, spaceLen; /* of its namespace, where they are asked for */
    int32_t line;
} xs_node;

/* One error of libxml2. node: index of the record, -1 for a placeholder or
   none. The texts are cut at XS_CUT bytes. */
typedef struct {
    int32_t domain, code, level, line, col, number, node, part;
    int32_t msg, msgLen, s1, s1Len, s2, s2Len;
} xs_issue;

typedef struct {
    xmlSchemaPtr schema;
    xmlDocPtr doc;
    xs_node *nodes;
    xmlNodePtr *ptr; /* the libxml2 node of each record */
    int32_t n, cap, ptrCap;
    int32_t space, spaceLen; /* namespace of the root */
    char *pool;
    int32_t poolLen, poolCap;
    xs_issue *issues;
    int32_t issueN, issueCap, issueMax;
    char *text;
    int32_t textLen, textCap;
    xmlNodePtr *trash; /* unlinked nodes, freed before the document */
    int32_t trashN, trashCap;
    int32_t rc;       /* 0 valid or only parsed, >0 invalid, <0 failed */
    int32_t parsed;   /* the document is well-formed, namespaces included */
    int32_t dtd;      /* the document has a DTD: a hole in the scan */
    int32_t overflow; /* more than issueMax issues */
    int32_t oom;
    int32_t spaces;   /* the namespace of each element and attribute is kept */
} xs_run;

int xs_start(void);
/* quick: try the short way of stream.c first. spaces: keep the namespaces. */
xs_run *xs_check(xmlSchemaPtr schema, const char *body, int len, int issueMax, int quick, int spaces);
void xs_again(xs_run *r, const int32_t *plan, int planLen, const char *names, int namesLen);
void xs_free(xs_run *r);

/* Parts of a schema, for its compilation on this thread: see offer.c. */
int xs_offer(const char *text, int len);
void xs_withdraw(void);
xmlParserInputPtr xs_only_offered(const char *url, const char *id, xmlParserCtxtPtr ctxt);
int32_t xs_part_of(const char *url);

xs_run *xs_collect(void);
void xs_stop_collecting(void);

int xs_plain(xmlSchemaPtr schema, const char *body, int len, int times);
int xs_threads_linked(void);
#endif
