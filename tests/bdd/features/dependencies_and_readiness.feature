Feature: Dependencies, and what is ready
  Everybody sees what can be started now, and nobody starts what has to wait.

  Background:
    Given these items:
      | item   | type | title         | priority | waits for      |
      | WORK-1 | task | Lay the cable | medium   |                |
      | WORK-2 | task | Switch it on  | high     | WORK-1         |
      | WORK-3 | task | Write it up   | low      |                |
      | WORK-4 | task | Celebrate     | critical | WORK-2, WORK-3 |

  @positive
  Scenario: What is ready comes by urgency
    Then these items are ready for Alice:
      | item   |
      | WORK-1 |
      | WORK-3 |

  @positive
  Scenario: Finishing a blocker frees the one that waited
    Given WORK-1 is in status in_progress
    When Alice finishes WORK-1
    Then this frees WORK-2
    And these items are ready for Alice:
      | item   |
      | WORK-2 |
      | WORK-3 |

  @positive
  Scenario: The last of several blockers frees the one that waited
    Given WORK-2 is in status done
    When Alice cancels WORK-3
    Then this frees WORK-4

  @positive
  Scenario: What is no longer waited for holds nothing up
    When Alice lets WORK-2 wait no longer for WORK-1
    Then this frees WORK-2

  @negative
  Scenario: Items cannot wait for each other
    When Alice lets WORK-1 wait for WORK-4
    Then this is refused: "these would wait for each other: WORK-1 -> WORK-4 -> WORK-2 -> WORK-1"
    And these items are ready for Alice:
      | item   |
      | WORK-1 |
      | WORK-3 |

  @negative
  Scenario: An item cannot wait for itself
    When Alice lets WORK-1 wait for WORK-1
    Then this is refused: "dependency 'WORK-1': an item cannot depend on itself"

  @edge
  Scenario: A blocker that is deleted holds nothing up, until it is restored
    When Alice deletes WORK-1
    Then this frees WORK-2
    When Alice restores WORK-1
    Then these items are ready for Alice:
      | item   |
      | WORK-1 |
      | WORK-3 |

  @positive
  Scenario: A blocker that is reopened holds up again
    Given WORK-1 is in status done
    When Bob reopens WORK-1
    Then these items are ready for Alice:
      | item   |
      | WORK-3 |
