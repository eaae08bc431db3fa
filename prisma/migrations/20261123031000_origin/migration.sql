-- Where the content of a version comes from. Versions that are there, and those of older servers, were published from the model. The version that
-- is named is no reference: it may be removed. Its environment is one, and stays: what has had a version is not deleted.
ALTER TABLE "bundle"
    ADD COLUMN "origin" TEXT NOT NULL DEFAULT 'model' CHECK ("origin" IN ('model', 'promotion', 'rollback')),
    ADD COLUMN "origin_environment" dns_label,
    ADD COLUMN "origin_version" INTEGER CHECK ("origin_version" >= 1),
    ADD CONSTRAINT "bundle_origin_names_its_version" CHECK (
      CASE "origin"
        WHEN 'promotion' THEN "origin_environment" IS NOT NULL AND "origin_environment" <> "environment" AND "origin_version" IS NOT NULL
        WHEN 'rollback' THEN "origin_environment" IS NULL AND "origin_version" IS NOT NULL AND "origin_version" < "version"
        ELSE "origin_environment" IS NULL AND "origin_version" IS NULL
      END),
    ADD CONSTRAINT "bundle_origin_environment_fkey" FOREIGN KEY ("origin_environment") REFERENCES "environment"("name") ON DELETE RESTRICT ON UPDATE RESTRICT;
-- Environments that are deleted are looked for here.
CREATE INDEX "bundle_origin_environment_idx" ON "bundle"("origin_environment");
