-- Takes an agency's waiting kiosk answers up to the end of a week, with their comments, to be published with that week, and
-- returns them; nothing where fewer than `p_group` of them count. Answers that two people removed are not included.
CREATE OR REPLACE FUNCTION take_kiosk_weeks(p_agency text, p_version integer, p_week date, p_month date, p_group integer)
RETURNS TABLE (answers jsonb, person boolean) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM FROM survey_kiosk_responses w WHERE w.agency_id = p_agency AND w.questionnaire_version = p_version
    AND NOT w.counted AND w.removal_id IS NULL AND w.week <= p_week ORDER BY w.id FOR UPDATE;
  IF (SELECT count(*) FROM survey_kiosk_responses w WHERE w.agency_id = p_agency AND w.questionnaire_version = p_version
      AND NOT w.counted AND w.removal_id IS NULL AND w.week <= p_week AND w.person) < p_group THEN
    RETURN;
  END IF;
  UPDATE survey_comments SET released = true, received_month = p_month
  WHERE agency_id = p_agency AND questionnaire_version = p_version AND NOT released AND exclusion_id IS NULL
    AND kiosk_week <= p_week;
  RETURN QUERY
    UPDATE survey_kiosk_responses AS r SET counted = true, week = p_week
    WHERE r.agency_id = p_agency AND r.questionnaire_version = p_version AND NOT r.counted AND r.removal_id IS NULL
      AND r.week <= p_week
    RETURNING r.answers, r.person;
END $$;
