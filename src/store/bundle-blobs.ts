/** The digests of what is stored: the YAML in a gzip member, the archive, and the snapshot that they were rendered from. */
export interface BundleBlobs {
  readonly yamlGzip: string;
  readonly tar: string;
  readonly snapshot: string;
}

/** Which version it is, and where its bytes are. */
export interface BundleHead {
  readonly environment: string;
  readonly version: number;
  readonly digest: string;
  readonly blobs: BundleBlobs;
}
