-- CreateEnum
CREATE TYPE "catalogue_change_kind" AS ENUM ('add', 'rename', 'merge', 'split', 'close', 'edition');

-- AlterEnum
ALTER TYPE "agency_kind" ADD VALUE 'ward';
ALTER TYPE "agency_kind" ADD VALUE 'commune';
ALTER TYPE "agency_kind" ADD VALUE 'special_zone';

-- AlterEnum
ALTER TYPE "succession_kind" ADD VALUE 'abolish';

-- DropForeignKey
ALTER TABLE "agency_successions" DROP CONSTRAINT "agency_successions_to_id_fkey";

-- DropIndex
DROP INDEX "survey_responses_agency_version_id_idx";

-- AlterTable
ALTER TABLE "agency_successions" ADD COLUMN     "change_id" UUID NOT NULL,
ALTER COLUMN "to_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "agency_versions" ADD COLUMN     "areas" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "closed_by" UUID,
ADD COLUMN     "opened_by" UUID;

-- CreateTable
CREATE TABLE "catalogue_changes" (
    "id" UUID NOT NULL,
    "kind" "catalogue_change_kind" NOT NULL,
    "on" DATE NOT NULL,
    "basis" TEXT NOT NULL,
    "edition_id" TEXT,
    "made_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "catalogue_changes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agency_editions" (
    "id" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "loaded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "agency_editions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "catalogue_changes_edition_id_key" ON "catalogue_changes"("edition_id");

-- CreateIndex
CREATE INDEX "catalogue_changes_on_id_idx" ON "catalogue_changes"("on", "id");

-- CreateIndex
CREATE INDEX "agency_successions_change_id_idx" ON "agency_successions"("change_id");

-- CreateIndex
CREATE INDEX "agency_versions_opened_by_idx" ON "agency_versions"("opened_by");

-- CreateIndex
CREATE INDEX "agency_versions_closed_by_idx" ON "agency_versions"("closed_by");

-- CreateIndex
CREATE INDEX "survey_responses_agency_version_id_service_date_idx" ON "survey_responses"("agency_version_id", "service_date");

-- AddForeignKey
ALTER TABLE "agency_versions" ADD CONSTRAINT "agency_versions_opened_by_fkey" FOREIGN KEY ("opened_by") REFERENCES "catalogue_changes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agency_versions" ADD CONSTRAINT "agency_versions_closed_by_fkey" FOREIGN KEY ("closed_by") REFERENCES "catalogue_changes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "catalogue_changes" ADD CONSTRAINT "catalogue_changes_edition_id_fkey" FOREIGN KEY ("edition_id") REFERENCES "agency_editions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agency_successions" ADD CONSTRAINT "agency_successions_to_id_fkey" FOREIGN KEY ("to_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agency_successions" ADD CONSTRAINT "agency_successions_change_id_fkey" FOREIGN KEY ("change_id") REFERENCES "catalogue_changes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What is abolished goes to nobody, everything else to somebody else. (As text: a new value of an enum cannot be used in
-- the transaction that makes it.)
ALTER TABLE "agency_successions"
  ADD CONSTRAINT "agency_successions_to" CHECK ((kind::text = 'abolish') = (to_id IS NULL)),
  ADD CONSTRAINT "agency_successions_other" CHECK (from_id <> to_id);
ALTER TABLE "catalogue_changes"
  ADD CONSTRAINT "catalogue_changes_edition" CHECK ((kind = 'edition') = (edition_id IS NOT NULL));

-- The past stays: no version is cut so that an answer falls outside it, whoever changes it.
CREATE FUNCTION agency_version_keeps_its_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM survey_responses WHERE agency_version_id = NEW.id
             AND (service_date < NEW.valid_from OR service_date >= NEW.valid_to)) THEN
    RAISE EXCEPTION 'agency version %: answers would fall outside it', NEW.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'agency_versions_keep_answers';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "agency_versions_keep_answers" BEFORE UPDATE OF valid_from, valid_to ON "agency_versions"
  FOR EACH ROW EXECUTE FUNCTION agency_version_keeps_its_answers();
