-- What refers to a row that has gone: sessions of drafts and objections that were deleted, and phones of lists that were.
DELETE FROM case_sessions s WHERE NOT EXISTS (SELECT FROM case_keys k WHERE k.case_id = s.case_id);
DELETE FROM listed_keys l WHERE NOT EXISTS (SELECT FROM reconciliations r WHERE r.id = l.reconciliation_id);

-- DropForeignKey
ALTER TABLE "survey_excluded_responses" DROP CONSTRAINT "survey_excluded_responses_agency_version_id_fkey";

-- DropForeignKey
ALTER TABLE "survey_responses" DROP CONSTRAINT "survey_responses_agency_version_id_fkey";

-- DropIndex
DROP INDEX "carrier_flags_slot_key";

-- DropIndex
DROP INDEX "order_releases_slot_key";

-- DropIndex
DROP INDEX "reconciliations_slot_key";

-- AlterTable
ALTER TABLE "carrier_flags" DROP COLUMN "slot";

-- AlterTable
ALTER TABLE "order_releases" DROP COLUMN "slot";

-- AlterTable
ALTER TABLE "reconciliations" DROP COLUMN "slot";

-- CreateIndex
CREATE UNIQUE INDEX "agency_versions_id_agency_id_key" ON "agency_versions"("id", "agency_id");

-- CreateIndex
CREATE UNIQUE INDEX "one_open_flag" ON "carrier_flags"("carrier_id", "kind") WHERE (ended_at IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "one_waiting_guard" ON "order_releases"("cause") WHERE ((cause = 'guard'::release_cause) AND (state = 'waiting'::release_state));

-- CreateIndex
CREATE UNIQUE INDEX "one_waiting_batch" ON "order_releases"("carrier_id") WHERE ((cause = 'choice'::release_cause) AND (state = 'waiting'::release_state));

-- CreateIndex
CREATE UNIQUE INDEX "one_open_reconciliation" ON "reconciliations"("carrier_id") WHERE (state = ANY (ARRAY['receiving'::reconciliation_state, 'comparing'::reconciliation_state]));

-- AddForeignKey
ALTER TABLE "account_requests" ADD CONSTRAINT "account_requests_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_requests" ADD CONSTRAINT "account_requests_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_requests" ADD CONSTRAINT "account_requests_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reconciliations" ADD CONSTRAINT "reconciliations_uploaded_by_id_fkey" FOREIGN KEY ("uploaded_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reconciliations" ADD CONSTRAINT "reconciliations_repair_missing_by_id_fkey" FOREIGN KEY ("repair_missing_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reconciliations" ADD CONSTRAINT "reconciliations_repair_extra_by_id_fkey" FOREIGN KEY ("repair_extra_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "listed_keys" ADD CONSTRAINT "listed_keys_reconciliation_id_fkey" FOREIGN KEY ("reconciliation_id") REFERENCES "reconciliations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "differences" ADD CONSTRAINT "differences_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "carrier_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "differences" ADD CONSTRAINT "differences_repair_id_fkey" FOREIGN KEY ("repair_id") REFERENCES "carrier_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_questions" ADD CONSTRAINT "carrier_questions_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_flags" ADD CONSTRAINT "carrier_flags_cleared_by_id_fkey" FOREIGN KEY ("cleared_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_filed_by_id_fkey" FOREIGN KEY ("filed_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_verified_by_id_fkey" FOREIGN KEY ("verified_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_rejected_by_id_fkey" FOREIGN KEY ("rejected_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_unblock_verified_by_id_fkey" FOREIGN KEY ("unblock_verified_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_counterclaim_by_id_fkey" FOREIGN KEY ("counterclaim_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_hold_asked_by_id_fkey" FOREIGN KEY ("hold_asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_hold_confirmed_by_id_fkey" FOREIGN KEY ("hold_confirmed_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_block_from_id_fkey" FOREIGN KEY ("block_from_id") REFERENCES "cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_events" ADD CONSTRAINT "case_events_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_events" ADD CONSTRAINT "case_events_actor_area_id_fkey" FOREIGN KEY ("actor_area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_sessions" ADD CONSTRAINT "case_sessions_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_requests" ADD CONSTRAINT "survey_requests_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_requests" ADD CONSTRAINT "survey_requests_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "disclosures" ADD CONSTRAINT "disclosures_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "disclosures" ADD CONSTRAINT "disclosures_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proof_checks" ADD CONSTRAINT "proof_checks_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proof_checks" ADD CONSTRAINT "proof_checks_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lookups" ADD CONSTRAINT "lookups_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lookup_alerts" ADD CONSTRAINT "lookup_alerts_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lookup_alerts" ADD CONSTRAINT "lookup_alerts_seen_by_id_fkey" FOREIGN KEY ("seen_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lookup_alerts" ADD CONSTRAINT "lookup_alerts_subject_id_fkey" FOREIGN KEY ("subject_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "report_drafts" ADD CONSTRAINT "report_drafts_filed_by_id_fkey" FOREIGN KEY ("filed_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "found_phones" ADD CONSTRAINT "found_phones_added_by_id_fkey" FOREIGN KEY ("added_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "found_uploads" ADD CONSTRAINT "found_uploads_added_by_id_fkey" FOREIGN KEY ("added_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_imports" ADD CONSTRAINT "case_imports_added_by_id_fkey" FOREIGN KEY ("added_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_letters" ADD CONSTRAINT "carrier_letters_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "objections" ADD CONSTRAINT "objections_inspected_by_id_fkey" FOREIGN KEY ("inspected_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "objections" ADD CONSTRAINT "objections_refused_by_id_fkey" FOREIGN KEY ("refused_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "objection_events" ADD CONSTRAINT "objection_events_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "objection_events" ADD CONSTRAINT "objection_events_actor_area_id_fkey" FOREIGN KEY ("actor_area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_retry_of_id_fkey" FOREIGN KEY ("retry_of_id") REFERENCES "carrier_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_exempt_asked_by_id_fkey" FOREIGN KEY ("exempt_asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_exempt_confirmed_by_id_fkey" FOREIGN KEY ("exempt_confirmed_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_repair_of_id_fkey" FOREIGN KEY ("repair_of_id") REFERENCES "carrier_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_releases" ADD CONSTRAINT "order_releases_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_releases" ADD CONSTRAINT "order_releases_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drills" ADD CONSTRAINT "drills_started_by_id_fkey" FOREIGN KEY ("started_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drills" ADD CONSTRAINT "drills_stopped_by_id_fkey" FOREIGN KEY ("stopped_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_requests" ADD CONSTRAINT "data_requests_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_requests" ADD CONSTRAINT "data_requests_extended_by_id_fkey" FOREIGN KEY ("extended_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_requests" ADD CONSTRAINT "data_requests_proposed_by_id_fkey" FOREIGN KEY ("proposed_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_requests" ADD CONSTRAINT "data_requests_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_placed_by_id_fkey" FOREIGN KEY ("placed_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_lift_asked_by_id_fkey" FOREIGN KEY ("lift_asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_lifted_by_id_fkey" FOREIGN KEY ("lifted_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_hold_requests" ADD CONSTRAINT "legal_hold_requests_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_hold_requests" ADD CONSTRAINT "legal_hold_requests_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_responses" ADD CONSTRAINT "survey_responses_agency_version_id_agency_id_fkey" FOREIGN KEY ("agency_version_id", "agency_id") REFERENCES "agency_versions"("id", "agency_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_exclusions" ADD CONSTRAINT "survey_exclusions_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_excluded_responses" ADD CONSTRAINT "survey_excluded_responses_agency_version_id_agency_id_fkey" FOREIGN KEY ("agency_version_id", "agency_id") REFERENCES "agency_versions"("id", "agency_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_excluded_responses" ADD CONSTRAINT "survey_excluded_responses_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_cells" ADD CONSTRAINT "survey_cells_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_cells" ADD CONSTRAINT "survey_cells_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_months" ADD CONSTRAINT "survey_months_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_months" ADD CONSTRAINT "survey_months_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_code_splits" ADD CONSTRAINT "survey_code_splits_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_code_splits" ADD CONSTRAINT "survey_code_splits_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "facts_carriers" ADD CONSTRAINT "facts_carriers_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
