# The image carries what `make release` builds; nothing is built here that the release scripts do not build.
#   docker build -t roadworthy .
#   docker run -p 8080:8080 roadworthy mock
#   docker run --network host -v "$PWD:/data" roadworthy test otms --target http://127.0.0.1:8080
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=container
ARG TARGETARCH
RUN arch="${TARGETARCH:-$(dpkg --print-architecture)}" \
 && VERSION="$VERSION" .build/release "$arch" \
 && "dist/roadworthy_${VERSION}_linux_$arch/roadworthy" selfcheck \
 && mv "dist/roadworthy_${VERSION}_linux_$arch" /out \
 && mkdir -p /empty/data

# glibc and nothing else: libxml2 is linked in.
FROM gcr.io/distroless/base-debian12:nonroot
COPY --from=build /out/roadworthy /usr/local/bin/roadworthy
COPY --from=build /out/LICENSE /out/COPYRIGHT.libxml2 /out/sbom.cdx.json /usr/share/doc/roadworthy/
COPY --from=build --chown=nonroot:nonroot /empty/data /data
WORKDIR /data
USER nonroot
ENV ROADWORTHY_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["roadworthy", "health"]
ENTRYPOINT ["roadworthy"]
CMD ["mock"]
