Feature: Claims
  People and agents who work side by side take items for themselves for a time,
  so that no two work on the same one, and nobody keeps one for ever.

  Background:
    Given these items:
      | item   | title         |
      | WORK-1 | Write it down |
      | WORK-2 | Read it again |

  @positive
  Scenario: Who claims an item becomes its assignee and has it to himself
    When Alice claims WORK-1 for 60 minutes
    Then WORK-1 is assigned to Alice
    And these items are ready for Alice:
      | item   |
      | WORK-1 |
      | WORK-2 |
    And these items are ready for Bob:
      | item   |
      | WORK-2 |

  @negative
  Scenario Outline: What is claimed cannot be taken by <worker>
    When Alice claims WORK-1 for 60 minutes
    And <worker> <does>
    Then this is refused: "WORK-1 is claimed by Alice until 2026-03-02 13:00 UTC"

    Examples:
      | worker                   | does                         |
      | Bob                      | claims WORK-1 for 10 minutes |
      | Bob                      | starts WORK-1                |
      | Bob                      | releases WORK-1              |
      | Alice in another session | claims WORK-1 for 10 minutes |
      | Alice in another session | starts WORK-1                |
      | Alice without a session  | claims WORK-1 for 10 minutes |

  @positive
  Scenario: A claim that ran out is free for others
    When Alice claims WORK-1 for 60 minutes
    And 60 minutes pass
    And Bob claims WORK-1 for 60 minutes
    Then WORK-1 is claimed by Bob until 14:00
    And WORK-1 is assigned to Alice

  @edge
  Scenario: A claim that still runs for one minute is not free
    When Alice claims WORK-1 for 60 minutes
    And 59 minutes pass
    And Bob claims WORK-1 for 60 minutes
    Then this is refused: "WORK-1 is claimed by Alice until 2026-03-02 13:00 UTC"

  @positive
  Scenario: A claim is renewed
    When Alice claims WORK-1 for 60 minutes
    And 30 minutes pass
    And Alice renews WORK-1 for 60 minutes
    Then WORK-1 is claimed by Alice until 13:30

  @positive
  Scenario: Claiming twice writes nothing the second time
    When Alice claims WORK-1 for 60 minutes
    And Alice claims WORK-1 for 60 minutes
    Then nothing was written

  @positive
  Scenario Outline: A claim ends when Alice <does> the item
    Given WORK-1 is in status in_progress
    When Alice claims WORK-1 for 60 minutes
    And Alice <does> WORK-1
    Then nobody has claimed WORK-1

    Examples:
      | does     |
      | finishes |
      | cancels  |
      | releases |

  @negative
  Scenario: What is done cannot be claimed
    Given WORK-1 is in status done
    When Alice claims WORK-1 for 60 minutes
    Then this is refused: "WORK-1 is done and cannot become claimed"
