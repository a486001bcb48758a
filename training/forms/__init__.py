"""What an administrator sends to plan sessions and to write down who came."""
