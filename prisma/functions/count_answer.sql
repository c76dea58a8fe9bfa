-- Counts one more waiting answer, and one more person where `p_person` says that a new person sent it. `due` is true once
-- `p_group` people wait: the answers must then be released. `batch` is the number of earlier releases.
CREATE OR REPLACE FUNCTION count_answer(p_agency text, p_version integer, p_person boolean, p_group integer,
  OUT due boolean, OUT batch integer)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_people integer := p_person::integer;
BEGIN
  INSERT INTO survey_tallies AS t (agency_id, questionnaire_version, published, waiting, waiting_people)
  VALUES (p_agency, p_version, 0, 1, v_people)
  ON CONFLICT (agency_id, questionnaire_version) DO UPDATE SET
    published = t.published + CASE WHEN t.waiting_people + v_people >= p_group THEN t.waiting + 1 ELSE 0 END,
    waiting = CASE WHEN t.waiting_people + v_people >= p_group THEN 0 ELSE t.waiting + 1 END,
    batches = t.batches + CASE WHEN t.waiting_people + v_people >= p_group THEN 1 ELSE 0 END,
    waiting_people = CASE WHEN t.waiting_people + v_people >= p_group THEN 0 ELSE t.waiting_people + v_people END
  RETURNING waiting = 0, batches - (waiting = 0)::integer INTO due, batch;
END $$;
