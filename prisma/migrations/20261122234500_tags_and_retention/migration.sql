CREATE TABLE "tag" (
    "environment" dns_label NOT NULL,
    -- What may stand for a version in a path or in a registry is no name for a tag.
    "name" dns_label NOT NULL CHECK ("name" !~ '^(latest|draft|v?[0-9]+)$'),
    "version" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,
    CONSTRAINT "tag_pkey" PRIMARY KEY ("environment", "name"),
    CONSTRAINT "tag_environment_version_fkey" FOREIGN KEY ("environment", "version") REFERENCES "bundle"("environment", "version") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "tag_environment_version_idx" ON "tag"("environment", "version");

CREATE TABLE "removed_bundle" (
    "environment" dns_label NOT NULL,
    "version" INTEGER NOT NULL CHECK ("version" >= 1),
    "digest" digest NOT NULL,
    "revision" BIGINT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_by" TEXT NOT NULL,
    "reason" TEXT,
    CONSTRAINT "removed_bundle_pkey" PRIMARY KEY ("environment", "version"),
    CONSTRAINT "removed_bundle_environment_fkey" FOREIGN KEY ("environment") REFERENCES "environment"("name") ON DELETE RESTRICT ON UPDATE RESTRICT
);

-- Each blob that is deleted is looked for in these columns.
CREATE INDEX "bundle_yaml_digest_idx" ON "bundle"("yaml_digest");
CREATE INDEX "bundle_json_digest_idx" ON "bundle"("json_digest");
CREATE INDEX "bundle_yaml_gzip_digest_idx" ON "bundle"("yaml_gzip_digest");
CREATE INDEX "bundle_json_gzip_digest_idx" ON "bundle"("json_gzip_digest");
CREATE INDEX "bundle_tar_digest_idx" ON "bundle"("tar_digest");
CREATE INDEX "bundle_snapshot_digest_idx" ON "bundle"("snapshot_digest");
CREATE INDEX "registry_entry_digest_idx" ON "registry_entry"("digest");

-- What is published goes by retention alone, which says so for its own transaction.
CREATE FUNCTION refuse_change_but_retention() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('sluice.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% of % is refused: what is published never changes', TG_OP, TG_TABLE_NAME;
END $$;
DROP TRIGGER "bundle_is_immutable" ON "bundle";
DROP TRIGGER "blob_is_immutable" ON "blob";
DROP TRIGGER "fragment_is_immutable" ON "fragment";
DROP TRIGGER "registry_entry_is_immutable" ON "registry_entry";
CREATE TRIGGER "bundle_is_immutable" BEFORE UPDATE OR DELETE ON "bundle" FOR EACH ROW EXECUTE FUNCTION refuse_change_but_retention();
CREATE TRIGGER "blob_is_immutable" BEFORE UPDATE OR DELETE ON "blob" FOR EACH ROW EXECUTE FUNCTION refuse_change_but_retention();
CREATE TRIGGER "fragment_is_immutable" BEFORE UPDATE OR DELETE ON "fragment" FOR EACH ROW EXECUTE FUNCTION refuse_change_but_retention();
CREATE TRIGGER "registry_entry_is_immutable" BEFORE UPDATE OR DELETE ON "registry_entry" FOR EACH ROW EXECUTE FUNCTION refuse_change_but_retention();
CREATE TRIGGER "removed_bundle_is_immutable" BEFORE UPDATE OR DELETE ON "removed_bundle" FOR EACH ROW EXECUTE FUNCTION refuse_change();
