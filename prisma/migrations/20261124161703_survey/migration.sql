-- CreateEnum
CREATE TYPE "agency_kind" AS ENUM ('district', 'rural_district', 'department');

-- CreateEnum
CREATE TYPE "succession_kind" AS ENUM ('merge', 'split', 'rename');

-- CreateTable
CREATE TABLE "agencies" (
    "id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,

    CONSTRAINT "agencies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agency_versions" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "name_vi" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "kind" "agency_kind" NOT NULL,
    "abbreviation" TEXT,
    "legal_basis" TEXT,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,

    CONSTRAINT "agency_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agency_successions" (
    "id" UUID NOT NULL,
    "on" DATE NOT NULL,
    "kind" "succession_kind" NOT NULL,
    "from_id" TEXT NOT NULL,
    "to_id" TEXT NOT NULL,
    "basis" TEXT NOT NULL,

    CONSTRAINT "agency_successions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "questionnaires" (
    "version" INTEGER NOT NULL,
    "legal_basis" TEXT NOT NULL,
    "questions" JSONB NOT NULL,
    "published_at" TIMESTAMPTZ(3),
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "questionnaires_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "survey_responses" (
    "id" UUID NOT NULL,
    "agency_version_id" UUID NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "agency_id" TEXT NOT NULL,
    "service_date" DATE NOT NULL,
    "procedure" TEXT,
    "with_code" BOOLEAN NOT NULL,
    "received_month" DATE NOT NULL,
    "answers" JSONB NOT NULL,
    "counted" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "survey_responses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_comments" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "received_month" DATE NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "survey_comments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_suggestions" (
    "id" UUID NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "received_month" DATE NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "survey_suggestions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_dossier_keys" (
    "year" INTEGER NOT NULL,
    "key" BYTEA NOT NULL,

    CONSTRAINT "survey_dossier_keys_pkey" PRIMARY KEY ("year")
);

-- CreateTable
CREATE TABLE "survey_dossier_codes" (
    "year" INTEGER NOT NULL,
    "code_hash" BYTEA NOT NULL,

    CONSTRAINT "survey_dossier_codes_pkey" PRIMARY KEY ("year","code_hash")
);

-- CreateTable
CREATE TABLE "survey_receipts" (
    "number_hash" BYTEA NOT NULL,
    "received_month" DATE NOT NULL,

    CONSTRAINT "survey_receipts_pkey" PRIMARY KEY ("number_hash")
);

-- CreateTable
CREATE TABLE "survey_tallies" (
    "agency_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "published" INTEGER NOT NULL DEFAULT 0,
    "waiting" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "survey_tallies_pkey" PRIMARY KEY ("agency_id","questionnaire_version")
);

-- CreateTable
CREATE TABLE "survey_cells" (
    "agency_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "question" TEXT NOT NULL,
    "published" JSONB NOT NULL,
    "held" JSONB NOT NULL,

    CONSTRAINT "survey_cells_pkey" PRIMARY KEY ("agency_id","questionnaire_version","question")
);

-- CreateIndex
CREATE UNIQUE INDEX "agency_versions_agency_id_valid_from_key" ON "agency_versions"("agency_id", "valid_from");

-- CreateIndex
CREATE INDEX "agency_successions_from_id_idx" ON "agency_successions"("from_id");

-- CreateIndex
CREATE INDEX "agency_successions_to_id_idx" ON "agency_successions"("to_id");

-- CreateIndex
CREATE UNIQUE INDEX "agency_successions_on_from_id_to_id_key" ON "agency_successions"("on", "from_id", "to_id");

-- CreateIndex
CREATE INDEX "survey_responses_waiting" ON "survey_responses"("agency_id", "questionnaire_version") WHERE (NOT counted);

-- CreateIndex
CREATE INDEX "survey_responses_agency_version_id_idx" ON "survey_responses"("agency_version_id");

-- CreateIndex
CREATE INDEX "survey_comments_agency_id_received_month_idx" ON "survey_comments"("agency_id", "received_month");

-- CreateIndex
CREATE INDEX "survey_suggestions_questionnaire_version_idx" ON "survey_suggestions"("questionnaire_version");

-- CreateIndex
CREATE INDEX "survey_cells_question_idx" ON "survey_cells"("question");

-- AddForeignKey
ALTER TABLE "agency_versions" ADD CONSTRAINT "agency_versions_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agency_successions" ADD CONSTRAINT "agency_successions_from_id_fkey" FOREIGN KEY ("from_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agency_successions" ADD CONSTRAINT "agency_successions_to_id_fkey" FOREIGN KEY ("to_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_responses" ADD CONSTRAINT "survey_responses_agency_version_id_fkey" FOREIGN KEY ("agency_version_id") REFERENCES "agency_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_responses" ADD CONSTRAINT "survey_responses_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_comments" ADD CONSTRAINT "survey_comments_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_suggestions" ADD CONSTRAINT "survey_suggestions_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_dossier_codes" ADD CONSTRAINT "survey_dossier_codes_year_fkey" FOREIGN KEY ("year") REFERENCES "survey_dossier_keys"("year") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_tallies" ADD CONSTRAINT "survey_tallies_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_tallies" ADD CONSTRAINT "survey_tallies_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Versions of one agency never overlap, whoever writes them. (Trusted: the owner of the database may create it.)
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE "agency_versions"
  ADD CONSTRAINT "agency_versions_order" CHECK (valid_to IS NULL OR valid_to > valid_from),
  ADD CONSTRAINT "agency_versions_no_overlap"
    EXCLUDE USING gist (agency_id WITH =, daterange(valid_from, valid_to, '[)') WITH &&);

-- A published questionnaire is what its answers were given to: it may be retired, and nothing else.
CREATE FUNCTION questionnaire_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NULL THEN
    RETURN coalesce(NEW, OLD);
  END IF;
  IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'retired_at') <> (to_jsonb(OLD) - 'retired_at') THEN
    RAISE EXCEPTION 'questionnaire % is published: it cannot change', OLD.version
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "questionnaires_immutable" BEFORE UPDATE OR DELETE ON "questionnaires"
  FOR EACH ROW EXECUTE FUNCTION questionnaire_is_immutable();

ALTER TABLE "survey_responses" ADD CONSTRAINT "survey_responses_month"
  CHECK (received_month = date_trunc('month', received_month)::date);
ALTER TABLE "survey_tallies" ADD CONSTRAINT "survey_tallies_by_tens"
  CHECK (published >= 0 AND published % 10 = 0 AND waiting BETWEEN 0 AND 9);
