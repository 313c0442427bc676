"""The faults of the drill, in the order in which they strike."""

from eval.drills.drill_faults_clock import CLOCK
from eval.drills.drill_faults_outside import OUTSIDE
from eval.drills.drill_faults_service import FLOOD, SERVICE
from eval.drills.drill_faults_storage import STORAGE
from eval.drills.drill_faults_stores import STORES
from eval.drills.drill_faults_stream import STREAM

FAULTS = (*STREAM, *SERVICE, *STORAGE, *STORES, *OUTSIDE, *CLOCK, FLOOD)
