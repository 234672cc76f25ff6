# The image carries what `make release` builds; nothing is built here that the release scripts do not build.
#   docker build -t roadworthy .
#   docker run -p 8080:8080 roadworthy mock
#   docker run --network host -v "$PWD:/data" roadworthy test otms --target http://127.0.0.1:8080
# GO_IMAGE may be pinned by digest: docker build --build-arg GO_IMAGE=golang@sha256:… . What is linked and copied from the
# distribution is checked by its signatures.
ARG GO_IMAGE=golang:1.26-bookworm
FROM ${GO_IMAGE} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=container
ARG TARGETARCH
RUN arch="${TARGETARCH:-$(dpkg --print-architecture)}" \
 && export VERSION \
 && .build/release "$arch" \
 && "dist/roadworthy_${VERSION}_linux_$arch/roadworthy" selfcheck \
 && .build/rootfs "$arch" /rootfs

# The binary, glibc's C library and loader, certificates, licences, and nothing else: no shell, no package manager.
FROM scratch
COPY --from=build /rootfs /
COPY --from=build --chown=65532:65532 /rootfs/data /data
ENV PATH=/usr/local/bin HOME=/data ROADWORTHY_LISTEN=0.0.0.0:8080
WORKDIR /data
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["roadworthy", "health"]
ENTRYPOINT ["roadworthy"]
CMD ["mock"]
