-- AlterTable
ALTER TABLE "survey_comments" ADD COLUMN     "draw_id" UUID;

-- CreateTable
CREATE TABLE "survey_draws" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "cases" INTEGER NOT NULL,
    "drawn" INTEGER,
    "answered" INTEGER,
    "listed_at" TIMESTAMPTZ(3) NOT NULL,
    "drawn_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "reminded_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "released" DATE,

    CONSTRAINT "survey_draws_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_strata" (
    "draw_id" UUID NOT NULL,
    "procedure" TEXT NOT NULL,
    "cases" INTEGER NOT NULL,
    "drawn" INTEGER,
    "answered" INTEGER,

    CONSTRAINT "survey_strata_pkey" PRIMARY KEY ("draw_id","procedure")
);

-- CreateTable
CREATE TABLE "survey_invitations" (
    "id" UUID NOT NULL,
    "draw_id" UUID NOT NULL,
    "procedure" TEXT NOT NULL,
    "sealed" BYTEA,
    "token_hash" BYTEA,
    "on_paper" BOOLEAN NOT NULL,
    "spent" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "survey_invitations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_invited_responses" (
    "id" UUID NOT NULL,
    "draw_id" UUID NOT NULL,
    "procedure" TEXT NOT NULL,
    "agency_version_id" UUID NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "agency_id" TEXT NOT NULL,
    "service_date" DATE NOT NULL,
    "answers" JSONB NOT NULL,
    "counted" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "survey_invited_responses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_invited_cells" (
    "agency_id" TEXT NOT NULL,
    "released" DATE NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "question" TEXT NOT NULL,
    "respondents" INTEGER NOT NULL,
    "counts" JSONB NOT NULL,
    "weighted" JSONB NOT NULL,
    "effective" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "survey_invited_cells_pkey" PRIMARY KEY ("agency_id","released","questionnaire_version","question")
);

-- CreateIndex
CREATE UNIQUE INDEX "survey_draws_once" ON "survey_draws"("agency_id", "month") WHERE ((closed_at IS NULL) OR (drawn_at IS NOT NULL));

-- CreateIndex
CREATE INDEX "survey_draws_listed_at_id_idx" ON "survey_draws"("listed_at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "survey_invitations_token" ON "survey_invitations"("token_hash");

-- CreateIndex
CREATE INDEX "survey_invitations_draw_id_idx" ON "survey_invitations"("draw_id");

-- CreateIndex
CREATE INDEX "survey_invited_responses_draw_id_idx" ON "survey_invited_responses"("draw_id");

-- CreateIndex
CREATE INDEX "survey_invited_responses_agency_version_id_service_date_idx" ON "survey_invited_responses"("agency_version_id", "service_date");

-- AddForeignKey
ALTER TABLE "survey_draws" ADD CONSTRAINT "survey_draws_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_strata" ADD CONSTRAINT "survey_strata_draw_id_fkey" FOREIGN KEY ("draw_id") REFERENCES "survey_draws"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_invitations" ADD CONSTRAINT "survey_invitations_draw_id_fkey" FOREIGN KEY ("draw_id") REFERENCES "survey_draws"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_invited_responses" ADD CONSTRAINT "survey_invited_responses_draw_id_fkey" FOREIGN KEY ("draw_id") REFERENCES "survey_draws"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_invited_responses" ADD CONSTRAINT "survey_invited_responses_agency_version_id_agency_id_fkey" FOREIGN KEY ("agency_version_id", "agency_id") REFERENCES "agency_versions"("id", "agency_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_invited_responses" ADD CONSTRAINT "survey_invited_responses_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_invited_cells" ADD CONSTRAINT "survey_invited_cells_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_invited_cells" ADD CONSTRAINT "survey_invited_cells_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the schema cannot say: nothing of fewer than ten people is published, and who has answered has no contact any more.
ALTER TABLE "survey_invited_cells" ADD CONSTRAINT "survey_invited_cells_by_tens" CHECK (respondents >= 10);
ALTER TABLE "survey_invitations" ADD CONSTRAINT "survey_invitations_spent" CHECK (NOT spent OR (sealed IS NULL AND token_hash IS NOT NULL));
ALTER TABLE "survey_draws" ADD CONSTRAINT "survey_draws_state" CHECK (
  extract(day FROM month) = 1 AND cases > 0 AND (drawn_at IS NULL) = (ends_at IS NULL) AND (drawn_at IS NULL) = (drawn IS NULL)
  AND (released IS NULL OR closed_at IS NOT NULL)
);
ALTER TABLE "survey_invitations" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "survey_invitations" USING (( SELECT (current_setting('antam.scope'::text, true) = 'system'::text)));
