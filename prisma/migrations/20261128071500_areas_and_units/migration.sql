-- Areas (where it happened) and units (who answers) part, and both have dated editions (ADR 69). Up to here every area had one
-- unit of the same name: what named an area as the police who act names that unit from now on.
CREATE TYPE "unit_kind" AS ENUM ('city', 'district', 'ward', 'desk');

CREATE TABLE "area_editions" (
    "id" TEXT NOT NULL,
    "legal_basis" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "in_force" BOOLEAN NOT NULL DEFAULT false,
    "switched_at" TIMESTAMPTZ(3),
    CONSTRAINT "area_editions_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "one_edition_in_force" ON "area_editions"("in_force") WHERE ("in_force" = true);

CREATE TABLE "police_units" (
    "id" TEXT NOT NULL,
    "edition_id" TEXT,
    "kind" "unit_kind" NOT NULL,
    "parent_id" TEXT,
    "area_id" TEXT,
    "ordinal" INTEGER NOT NULL,
    "name_vi" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "address" TEXT,
    "phone" TEXT,
    "hours_vi" TEXT,
    "hours_en" TEXT,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "source" TEXT,
    "checked_on" DATE,
    CONSTRAINT "police_units_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "police_units_parent" CHECK ((kind = 'city') = (parent_id IS NULL)),
    CONSTRAINT "police_units_desk" CHECK ((kind = 'desk') = (area_id IS NOT NULL)),
    CONSTRAINT "police_units_edition" CHECK ((kind = 'city') = (edition_id IS NULL)),
    CONSTRAINT "police_units_position" CHECK ((latitude IS NULL) = (longitude IS NULL)
      AND latitude BETWEEN 8 AND 24 AND longitude BETWEEN 102 AND 115)
);
CREATE INDEX "police_units_edition_id_ordinal_idx" ON "police_units"("edition_id", "ordinal");
CREATE INDEX "police_units_parent_id_idx" ON "police_units"("parent_id");
CREATE UNIQUE INDEX "police_units_edition_id_area_id_key" ON "police_units"("edition_id", "area_id");
CREATE INDEX "police_units_area_id_idx" ON "police_units"("area_id");

CREATE TABLE "area_successions" (
    "from_id" TEXT NOT NULL,
    "to_id" TEXT NOT NULL,
    "edition_id" TEXT NOT NULL,
    CONSTRAINT "area_successions_pkey" PRIMARY KEY ("from_id", "to_id")
);
CREATE INDEX "area_successions_to_id_idx" ON "area_successions"("to_id");
CREATE INDEX "area_successions_edition_id_idx" ON "area_successions"("edition_id");

CREATE TABLE "unit_services" (
    "by_id" TEXT NOT NULL,
    "of_id" TEXT NOT NULL,
    CONSTRAINT "unit_services_pkey" PRIMARY KEY ("by_id", "of_id")
);
CREATE INDEX "unit_services_of_id_idx" ON "unit_services"("of_id");

-- What there is by now is the edition of 2016; `npm run db:migrate` brings its texts and the other editions.
INSERT INTO "area_editions" ("id", "legal_basis", "valid_from", "in_force") VALUES ('2016', '', '2016-01-01', true);
INSERT INTO "police_units" ("id", "kind", "ordinal", "name_vi", "name_en")
  VALUES ('cong-an-thanh-pho', 'city', 0, 'Thành phố Hồ Chí Minh', 'Ho Chi Minh City');
INSERT INTO "police_units" ("id", "edition_id", "kind", "parent_id", "ordinal", "name_vi", "name_en")
  SELECT "id", '2016', 'district', 'cong-an-thanh-pho', "ordinal", "name_vi", "name_en" FROM "police_areas";
INSERT INTO "unit_services" ("by_id", "of_id") SELECT "id", "id" FROM "police_units";

ALTER TABLE "police_areas"
  ADD COLUMN "edition_id" TEXT NOT NULL DEFAULT '2016',
  ADD COLUMN "unit_id" TEXT,
  ADD COLUMN "drawn_from" TEXT[] DEFAULT ARRAY[]::TEXT[];
UPDATE "police_areas" SET "unit_id" = "id";
ALTER TABLE "police_areas" ALTER COLUMN "edition_id" DROP DEFAULT, ALTER COLUMN "unit_id" SET NOT NULL;
CREATE INDEX "police_areas_edition_id_ordinal_idx" ON "police_areas"("edition_id", "ordinal");
CREATE INDEX "police_areas_unit_id_idx" ON "police_areas"("unit_id");

ALTER TABLE "police_units" ADD CONSTRAINT "police_units_edition_id_fkey" FOREIGN KEY ("edition_id") REFERENCES "area_editions"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "police_units" ADD CONSTRAINT "police_units_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "police_units" ADD CONSTRAINT "police_units_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "police_areas" ADD CONSTRAINT "police_areas_edition_id_fkey" FOREIGN KEY ("edition_id") REFERENCES "area_editions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "police_areas" ADD CONSTRAINT "police_areas_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "area_successions" ADD CONSTRAINT "area_successions_from_id_fkey" FOREIGN KEY ("from_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "area_successions" ADD CONSTRAINT "area_successions_to_id_fkey" FOREIGN KEY ("to_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "area_successions" ADD CONSTRAINT "area_successions_edition_id_fkey" FOREIGN KEY ("edition_id") REFERENCES "area_editions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "unit_services" ADD CONSTRAINT "unit_services_by_id_fkey" FOREIGN KEY ("by_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "unit_services" ADD CONSTRAINT "unit_services_of_id_fkey" FOREIGN KEY ("of_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The police who act are units.
ALTER TABLE "staff_accounts" DROP CONSTRAINT "staff_accounts_area_id_fkey";
ALTER TABLE "staff_accounts" RENAME COLUMN "area_id" TO "unit_id";
ALTER TABLE "staff_accounts" ADD CONSTRAINT "staff_accounts_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "police_units"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "account_requests" DROP CONSTRAINT "account_requests_area_id_fkey";
ALTER TABLE "account_requests" RENAME COLUMN "area_id" TO "unit_id";
ALTER TABLE "account_requests" ADD CONSTRAINT "account_requests_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "cases" DROP CONSTRAINT "cases_area_id_fkey";
ALTER TABLE "cases" RENAME COLUMN "area_id" TO "unit_id";
ALTER TABLE "cases" ADD CONSTRAINT "cases_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "disclosures" DROP CONSTRAINT "disclosures_area_id_fkey";
ALTER TABLE "disclosures" RENAME COLUMN "area_id" TO "unit_id";
ALTER TABLE "disclosures" ADD CONSTRAINT "disclosures_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "proof_checks" DROP CONSTRAINT "proof_checks_area_id_fkey";
ALTER TABLE "proof_checks" RENAME COLUMN "area_id" TO "unit_id";
ALTER TABLE "proof_checks" ADD CONSTRAINT "proof_checks_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "found_phones" DROP CONSTRAINT "found_phones_area_id_fkey";
ALTER TABLE "found_phones" RENAME COLUMN "area_id" TO "unit_id";
ALTER TABLE "found_phones" ADD CONSTRAINT "found_phones_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "police_units"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "case_imports" DROP CONSTRAINT "case_imports_area_id_fkey";
ALTER TABLE "case_imports" RENAME COLUMN "area_id" TO "unit_id";
ALTER TABLE "case_imports" ADD CONSTRAINT "case_imports_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "objections" DROP CONSTRAINT "objections_area_id_fkey";
ALTER TABLE "objections" RENAME COLUMN "area_id" TO "unit_id";
ALTER TABLE "objections" ADD CONSTRAINT "objections_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "police_units"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "data_requests" DROP CONSTRAINT "data_requests_area_id_fkey";
ALTER TABLE "data_requests" RENAME COLUMN "area_id" TO "unit_id";
ALTER TABLE "data_requests" ADD CONSTRAINT "data_requests_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "case_events" DROP CONSTRAINT "case_events_actor_area_id_fkey";
ALTER TABLE "case_events" RENAME COLUMN "actor_area_id" TO "actor_unit_id";
ALTER TABLE "case_events" ADD CONSTRAINT "case_events_actor_unit_id_fkey" FOREIGN KEY ("actor_unit_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "objection_events" DROP CONSTRAINT "objection_events_actor_area_id_fkey";
ALTER TABLE "objection_events" RENAME COLUMN "actor_area_id" TO "actor_unit_id";
ALTER TABLE "objection_events" ADD CONSTRAINT "objection_events_actor_unit_id_fkey" FOREIGN KEY ("actor_unit_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER INDEX "staff_accounts_area_id_role_idx" RENAME TO "staff_accounts_unit_id_role_idx";
ALTER INDEX "cases_queue_area" RENAME TO "cases_queue_unit";
ALTER INDEX "cases_area_id_state_text_act_by_id_idx" RENAME TO "cases_unit_id_state_text_act_by_id_idx";
ALTER INDEX "proof_checks_area_id_decided_at_idx" RENAME TO "proof_checks_unit_id_decided_at_idx";
ALTER INDEX "found_phones_area_id_added_at_id_idx" RENAME TO "found_phones_unit_id_added_at_id_idx";
ALTER INDEX "case_imports_area_id_read_at_id_idx" RENAME TO "case_imports_unit_id_read_at_id_idx";
ALTER INDEX "objections_queue_area" RENAME TO "objections_queue_unit";
ALTER INDEX "data_requests_open_area" RENAME TO "data_requests_open_unit";

-- Where it happened stays with the case. Where the application owns the tables, policies bind this migration as well.
SELECT set_config('antam.scope', 'system', true);
ALTER TABLE "cases" ADD COLUMN "area_id" TEXT;
UPDATE "cases" SET "area_id" = "unit_id";
ALTER TABLE "cases" ALTER COLUMN "area_id" SET NOT NULL;
ALTER TABLE "cases" ADD CONSTRAINT "cases_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A scope names the units whose cases a person's unit answers for: 'unit:<id>,<id>' (ADR 21).
CREATE FUNCTION scope_units()
 RETURNS text[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN string_to_array("substring"(current_setting('antam.scope'::text, true), '^unit:(.+)$'::text), ',');

DROP POLICY "search" ON "blind_index";
CREATE POLICY "search" ON "blind_index" FOR SELECT USING ((( SELECT scope_units() AS scope_units) IS NOT NULL));
DROP POLICY "declared_scope" ON "cases";
CREATE POLICY "declared_scope" ON "cases" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((id = ( SELECT scope_case() AS scope_case)) OR (unit_id = ANY (( SELECT scope_units() AS scope_units)::text[])) OR (id = ANY (( SELECT array_agg(l.case_id) AS array_agg
       FROM identity_cases l
      WHERE (l.identity_id = ( SELECT scope_identity() AS scope_identity)))::uuid[])))
END) WITH CHECK (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((id = ( SELECT scope_case() AS scope_case)) OR (unit_id = ANY (( SELECT scope_units() AS scope_units)::text[])))
END);
DROP POLICY "declared_scope" ON "objections";
CREATE POLICY "declared_scope" ON "objections" USING (
CASE ( SELECT current_setting('antam.scope'::text, true) AS current_setting)
    WHEN 'system'::text THEN true
    WHEN 'city'::text THEN (unit_id IS NOT NULL)
    ELSE ((id = ( SELECT scope_case() AS scope_case)) OR (unit_id = ANY (( SELECT scope_units() AS scope_units)::text[])))
END);
DROP FUNCTION scope_area();
