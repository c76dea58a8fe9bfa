-- Takes an agency's waiting answers, with their comments, to be published, and returns them. Answers from kiosks are not
-- included. Answers of the same network keep their mark. Also takes the agency's comments that the survey manager passed after
-- their answers had become public: those to other questionnaire versions, which may never get ten people again, and those of
-- invited people, whose answers are published once.
CREATE OR REPLACE FUNCTION take_waiting_answers(p_agency text, p_version integer, p_month date)
RETURNS TABLE (answers jsonb, with_code boolean, repeated boolean, same_network boolean, channel answer_channel,
  service_date date, procedure text) LANGUAGE plpgsql VOLATILE
SET enable_bitmapscan = off SET enable_seqscan = off AS $$
BEGIN
  UPDATE survey_comments SET released = true, received_month = p_month
  WHERE agency_id = p_agency AND questionnaire_version = p_version AND NOT released AND exclusion_id IS NULL
    AND kiosk_week IS NULL AND draw_id IS NULL;
  UPDATE survey_comments AS c SET released = true, received_month = p_month
  WHERE c.agency_id = p_agency AND NOT c.released AND c.exclusion_id IS NULL AND c.kiosk_week IS NULL AND c.review = 'passed'
    AND CASE WHEN c.draw_id IS NOT NULL
      THEN EXISTS (SELECT FROM survey_draws d WHERE d.id = c.draw_id AND d.released IS NOT NULL)
      ELSE NOT EXISTS (SELECT FROM survey_tallies t WHERE t.agency_id = c.agency_id
        AND t.questionnaire_version = c.questionnaire_version AND t.waiting > 0) END;
  RETURN QUERY
    UPDATE survey_responses AS r SET counted = true, received_month = p_month, repeated = false
    FROM (SELECT w.id, w.received_month, w.repeated FROM survey_responses AS w
          WHERE w.agency_id = p_agency AND w.questionnaire_version = p_version AND NOT w.counted FOR UPDATE) AS due
    -- The month tells the partition.
    WHERE r.id = due.id AND r.received_month = due.received_month
    RETURNING r.answers, r.with_code, due.repeated, r.same_network, r.channel, r.service_date,
      r.procedure;
END $$;
