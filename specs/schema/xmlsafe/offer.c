/* The only thing that libxml2 may load: the other parts of a schema that is being
   compiled on this thread, which lie in memory and are named part:1, part:2 ….
   Whatever else it asks for is not there. */
#include "shim.h"
#include <libxml/xmlIO.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>

#define XS_PARTS 256
#define XS_SCHEME "part:"

static _Thread_local struct {
    char *text;
    int len;
} offered[XS_PARTS];
static _Thread_local int offeredN;

/* xs_offer takes a copy; 0 when there is no room. The first is part:0, which is
   read by who compiles. */
int xs_offer(const char *text, int len) {
    if (offeredN == XS_PARTS) return 0;
    char *copy = malloc(len > 0 ? (size_t)len : 1);
    if (copy == NULL) return 0;
    memcpy(copy, text, (size_t)len);
    offered[offeredN].text = copy;
    offered[offeredN++].len = len;
    return 1;
}

void xs_withdraw(void) {
    while (offeredN > 0) free(offered[--offeredN].text);
}

int32_t xs_part_of(const char *url) {
    if (url == NULL || strncmp(url, XS_SCHEME, sizeof XS_SCHEME - 1) != 0) return 0;
    return (int32_t)strtol(url + sizeof XS_SCHEME - 1, NULL, 10);
}

xmlParserInputPtr xs_only_offered(const char *url, const char *id, xmlParserCtxtPtr ctxt) {
    (void)id;
    int32_t n = xs_part_of(url);
    if (n <= 0 || n >= offeredN) return NULL;
    xmlParserInputBufferPtr b = xmlParserInputBufferCreateMem(offered[n].text, offered[n].len, XML_CHAR_ENCODING_NONE);
    if (b == NULL) return NULL;
    xmlParserInputPtr in = xmlNewIOInputStream(ctxt, b, XML_CHAR_ENCODING_NONE);
    if (in == NULL) {
        xmlFreeParserInputBuffer(b);
        return NULL;
    }
    in->filename = (char *)xmlStrdup(BAD_CAST url);
    return in;
}
