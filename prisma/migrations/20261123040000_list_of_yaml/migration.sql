-- A version keeps its YAML in a gzip member, and nothing else of it: the YAML is unpacked, and the List made of it, where they are asked for. The digest
-- of the YAML is that of the version; the digest of the List stays. What was stored of both goes with the next run of retention.
DROP INDEX "bundle_json_digest_idx";
ALTER TABLE "bundle"
    DROP CONSTRAINT "bundle_json_digest_fkey",
    DROP COLUMN "json_gzip_digest",
    DROP COLUMN "yaml_digest";
