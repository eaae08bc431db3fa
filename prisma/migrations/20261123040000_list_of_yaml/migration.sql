-- The List of a version is made of its YAML where it is asked for: its digest stays, its bytes are no longer stored.
-- What was stored of it goes with the next run of retention, as nothing refers to it.
DROP INDEX "bundle_json_digest_idx";
ALTER TABLE "bundle"
    DROP CONSTRAINT "bundle_json_digest_fkey",
    DROP COLUMN "json_gzip_digest";
