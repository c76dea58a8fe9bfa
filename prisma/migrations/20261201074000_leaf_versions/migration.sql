-- Each leaf says of which version its entry is: a release that does not know a version cannot seal its entries in a form of
-- its own (prisma/functions/seal_by_version.sql).
ALTER TABLE "audit_leaves" ADD COLUMN "entry_v" SMALLINT;
